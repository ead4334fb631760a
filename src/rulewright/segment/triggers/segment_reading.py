"""Segment's reading of a trigger as an expression of the language, to be compared and shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import isfinite
from operator import eq, ge, gt, le, lt, ne

from ...dsl import ast
from ...runtime.semantics.javascript import as_number
from .fql import (
    PLAIN_HEADS,
    SegmentCondition,
    SegmentTree,
    always_throws,
    literal_number,
    literal_text,
    steps_of,
)

_TEXT_SIGNS: dict[str, ast.ComparisonOperator] = {"=": "=", "!=": "!="}
_NUMBER_SIGNS: dict[str, ast.ComparisonOperator] = {
    "number_equals": "=",
    "number_not_equals": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_ORDER: dict[str, Callable[[float, float], bool]] = {"=": eq, "!=": ne, "<": lt, "<=": le, ">": gt, ">=": ge}
_TRUE, _FALSE = ast.Literal(True), ast.Literal(False)
_GLOB_SIGN = re.compile(r"([*?\[\]\\])")


@dataclass(frozen=True, slots=True)
class _Reading:
    """For which events a part of a trigger is true, and for which Segment's code throws on it."""

    holds: ast.Expression
    throws: ast.Expression = _FALSE


def reading_of(tree: SegmentTree) -> ast.Expression:
    """The expression that is true for exactly the events that Segment sends; it sends none on which it throws."""
    return _reading(tree).holds


def _reading(tree: SegmentTree) -> _Reading:
    if tree is None or (isinstance(tree, SegmentCondition) and always_throws(tree)):
        return _Reading(_FALSE, throws=_TRUE)
    if isinstance(tree, SegmentCondition):
        return _Reading(_test(tree))
    parts = [_reading(child) for child in tree.children]
    if all(part.throws == _FALSE for part in parts):
        return _Reading(_joined("and" if tree.operator == "and" else "or", [part.holds for part in parts]))
    return _in_order(tree.operator, parts)


def _in_order(operator: str, parts: list[_Reading]) -> _Reading:
    """Segment looks at one part after the other: what comes behind one that throws is never reached."""
    goes_on: list[ast.Expression] = []
    held, thrown = [], []
    for part in parts:
        held.append(_all([*goes_on, part.holds]))
        thrown.append(_all([*goes_on, part.throws]))
        goes_on.append(part.holds if operator == "and" else _not(part.holds))
        goes_on.append(_not(part.throws))
    return _Reading(held[-1] if operator == "and" else _any(held), _any(thrown))


def _all(parts: list[ast.Expression]) -> ast.Expression:
    needed = [part for part in dict.fromkeys(parts) if part != _TRUE]
    return _FALSE if _FALSE in needed else _joined("and", needed) if needed else _TRUE


def _any(parts: list[ast.Expression]) -> ast.Expression:
    possible = [part for part in dict.fromkeys(parts) if part != _FALSE]
    return _TRUE if _TRUE in possible else _joined("or", possible) if possible else _FALSE


def _joined(operator: ast.LogicalOperator, parts: list[ast.Expression]) -> ast.Expression:
    """The parts as the operands of one operator; a part with the same operator gives its own, as in parsed text."""
    operands: list[ast.Expression] = []
    for part in parts:
        operands.extend(part.operands if isinstance(part, ast.Logical) and part.operator == operator else [part])
    return operands[0] if len(operands) == 1 else ast.Logical(operator, tuple(operands))


def _not(part: ast.Expression) -> ast.Expression:
    if isinstance(part, ast.Literal):
        return _FALSE if part == _TRUE else _TRUE
    return ast.Not(part, grouped=isinstance(part, ast.Call))


def path_of(condition: SegmentCondition) -> ast.Path:
    """The path of the event that a condition tests."""
    if condition.head in PLAIN_HEADS:
        return ast.Path((condition.head,))
    return ast.Path((condition.head, *steps_of(condition)))


def _test(condition: SegmentCondition) -> ast.Expression:
    path, operator, value = path_of(condition), condition.operator, condition.value
    if condition.head not in PLAIN_HEADS and not condition.name:
        # Such a path is missing, whatever the event.
        return ast.Literal(operator in ("!=", "not_exists"))
    if operator in _NUMBER_SIGNS:
        return _number_test(_NUMBER_SIGNS[operator], path, literal_number(value))
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


def _number_test(sign: ast.ComparisonOperator, path: ast.Path, number: float) -> ast.Expression:
    if isfinite(number):
        return ast.Comparison(sign, path, ast.Literal(as_number(number)))
    zero = ast.Literal(0)
    is_number = ast.Logical("or", (ast.Comparison("=", path, zero), ast.Comparison("!=", path, zero)))
    return is_number if _ORDER[sign](0.0, number) else _FALSE


def _escaped(text: str) -> str:
    return _GLOB_SIGN.sub(r"\\\1", text)
