"""Converts a trigger to FQL text that Segment reads as it is meant, in the few forms that it does not misread."""

from __future__ import annotations

import re

from ...dsl import ast
from ...dsl.format.expressions import expression_to_text
from ..problems import NoSegmentForm
from .fql import SegmentFailure, read_as_segment
from .segment_reading import reading_of

_ODD = re.compile(r"[^A-Za-z0-9_-]|^[^A-Za-z_]")
_OPPOSITE: dict[ast.ComparisonOperator, ast.ComparisonOperator] = {"=": "!=", "!=": "="}


def write_trigger(condition: ast.Expression) -> str:
    """The FQL text of a trigger. Raises NoSegmentForm if Segment would misread every text for it."""
    wanted = _simplified(condition)
    text = _text(wanted)
    try:
        understood = reading_of(read_as_segment(text))
    except SegmentFailure as failure:
        raise NoSegmentForm(f"Segment cannot read `{text}`: {failure}") from None
    if understood != wanted:
        raise NoSegmentForm(f"Segment would read the trigger as `{expression_to_text(understood)}`")
    return text


def _simplified(node: ast.Expression) -> ast.Expression:
    """The same condition without what Segment does not know: a negated comparison, and `in` a list of texts."""
    match node:
        case ast.Logical(operator, operands):
            return ast.Logical(operator, tuple(map(_simplified, operands)))
        case ast.Not(ast.Comparison(operator, left, ast.Literal(value) as right), _) if operator in _OPPOSITE:
            if value is None or isinstance(value, str):
                return ast.Comparison(_OPPOSITE[operator], left, right)
        case ast.Comparison("in", left, ast.List(items)) if items and all(map(_is_text, items)):
            tests = tuple(ast.Comparison("=", left, item) for item in items)
            return tests[0] if len(tests) == 1 else ast.Logical("or", tests)
    return node


def _is_text(node: ast.Expression) -> bool:
    return isinstance(node, ast.Literal) and isinstance(node.value, str)


def _text(node: ast.Expression) -> str:
    match node:
        case ast.Logical(operator, operands):
            return f" {operator} ".join(map(_operand, operands))
        case ast.Comparison(operator, left, right):
            return f"{_text(left)} {operator} {_text(right)}"
        case ast.Not(operand):
            return f"!{_text(operand)}"
        case ast.Call(function, arguments):
            return f"{function}({', '.join(map(_text, arguments))})"
        case ast.Path(steps):
            return ".".join(_ODD.sub(lambda odd: f"\\{odd[0]}", str(step)) for step in steps)
        case ast.Literal(str(value)):
            return f'"{value}"'
    return expression_to_text(node)


def _operand(node: ast.Expression) -> str:
    return f"({_text(node)})" if isinstance(node, ast.Logical) else _text(node)
