"""Names the conditions that Segment misreads, each in a sentence, from the syntax tree of a trigger."""

from __future__ import annotations

from collections.abc import Iterator

from ...dsl import ast
from ...dsl.format.expressions import expression_to_text
from .fql import FUNCTIONS, HEADS, PLAIN_HEADS


def misread_conditions(node: ast.Expression) -> Iterator[str]:
    """A sentence for each condition that Segment misreads: all but comparisons of a path, `contains` and `match`."""
    match node:
        case ast.Logical(_, operands):
            for operand in operands:
                yield from misread_conditions(operand)
        case ast.Not(operand):
            yield from misread_conditions(operand)
        case ast.Path((str(head), *_)) if head in HEADS:
            yield f"Segment expects an operator and a value after `{expression_to_text(node)}`"
        case ast.Path(()):
            yield "Segment has no path for the whole event, `$`"
        case ast.Literal():
            yield f"Segment ignores `{expression_to_text(node)}` without a path before it"
        case ast.Comparison(operator, left, right):
            yield from _subject(left)
            if operator != "in":
                yield from _value(right)
        case ast.Call(function, (subject, value)) if function in FUNCTIONS:
            yield from _subject(subject)
            yield from _value(value)
            if function == "match" and isinstance(value, ast.Literal) and not isinstance(value.value, str):
                yield f"`match` reads `{expression_to_text(value)}` as a text without its first character"


def _subject(node: ast.Expression) -> Iterator[str]:
    match node:
        case ast.Path((str(head),)) if head in HEADS and head not in PLAIN_HEADS:
            yield f"`{head}` alone means `{head}.{head}` to Segment"
        case ast.Path((str(head), _, *_)) if head in PLAIN_HEADS:
            yield f"`{expression_to_text(node)}` means `{head}` to Segment"
        case ast.Path((str(head), *steps)) if head in HEADS and any(set(".[]") & set(str(step)) for step in steps):
            yield f"Segment splits the key in `{expression_to_text(node)}` at `.`, `[` and `]`"
        case ast.Path() | ast.Call():
            return
        case ast.Arithmetic() | ast.Negative():
            yield "Segment does not calculate"
        case _:
            yield f"Segment does not read a comparison that begins with `{expression_to_text(node)}`"


def _value(node: ast.Expression) -> Iterator[str]:
    match node:
        case ast.Path() if node.steps:
            text = expression_to_text(node)
            yield f"Segment compares with the text `{text}`, not with what `{text}` holds"
        case ast.Literal():
            return
        case _:
            yield f"Segment does not read `{expression_to_text(node)}` as a value"
