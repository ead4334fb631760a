"""What Segment understands by a trigger, as an expression of the language, to be compared and shown."""

from __future__ import annotations

import re
from math import isfinite

from ..dsl import ast
from ..runtime.semantics.javascript import as_number
from .segment_trigger import PLAIN_HEADS, Condition, Tree, literal_number, literal_text

_TEXT_SIGNS: dict[str, ast.ComparisonOperator] = {"=": "=", "!=": "!="}
_NUMBER_SIGNS: dict[str, ast.ComparisonOperator] = {
    "number_equals": "=",
    "number_not_equals": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_FALSE = ast.Literal(False)
_GLOB_SIGN = re.compile(r"([*?\[\]\\])")


def reading_of(tree: Tree) -> ast.Expression:
    """The expression that is true for the events that Segment sends."""
    if tree is None:
        return _FALSE
    if isinstance(tree, Condition):
        return _test(tree)
    operands = tuple(map(reading_of, tree.children))
    if len(operands) == 1:
        return operands[0]
    return ast.Logical("and" if tree.operator == "and" else "or", operands)


def path_of(condition: Condition) -> ast.Path:
    """The path of the event that a condition tests."""
    if condition.head in PLAIN_HEADS:
        return ast.Path((condition.head,))
    return ast.Path((condition.head, *re.findall(r"[^\[.\]]+", condition.name)))


def _test(condition: Condition) -> ast.Expression:
    path, operator, value = path_of(condition), condition.operator, condition.value
    if operator in _NUMBER_SIGNS:
        number = as_number(literal_number(value)) if isfinite(literal_number(value)) else None
        return _FALSE if number is None else ast.Comparison(_NUMBER_SIGNS[operator], path, ast.Literal(number))
    if operator in ("exists", "not_exists"):
        return ast.Comparison("!=" if operator == "exists" else "=", path, ast.Literal(None))
    if operator in ("is_true", "is_false"):
        return ast.Comparison("=", path, ast.Literal(operator == "is_true"))
    text = literal_text(value)
    if operator in _TEXT_SIGNS:
        return ast.Comparison(_TEXT_SIGNS[operator], path, ast.Literal(text))
    match operator.removeprefix("not_"):
        case "contains":
            call = ast.Call("contains", (path, ast.Literal(text)))
        case "starts_with":
            call = ast.Call("match", (path, ast.Literal(f"{_escaped(text)}*")))
        case "ends_with":
            call = ast.Call("match", (path, ast.Literal(f"*{_escaped(text)}")))
        case _:
            return _FALSE
    return ast.Not(call) if operator.startswith("not_") else call


def _escaped(text: str) -> str:
    return _GLOB_SIGN.sub(r"\\\1", text)
