"""Computes what is the same for every event: texts made of texts, and conditions on literals."""

from __future__ import annotations

from ...dsl.ast import Scalar
from ...dsl.source import Span
from .. import ir
from ..resolve.types import kind_of


def fold_constants(value: ir.Value) -> ir.Value:
    """The value, or what it always is; its parts have been folded before."""
    match value:
        case ir.Text(parts):
            return _text(value, parts)
        case ir.Holds(ir.Constant(constant)):
            return decided(constant is True, value.span)
        case ir.Holds(inner) if isinstance(inner, ir.CONDITIONS):
            return inner
        case ir.Not(ir.Not(inner)):
            return inner
        case ir.Not(ir.All(())):
            return decided(False, value.span)
        case ir.Not(ir.AnyOf(())):
            return decided(True, value.span)
        case ir.Compare(operator, ir.Constant(left), ir.Constant(right)):
            outcome = _compared(operator, left, right)
            return value if outcome is None else decided(outcome, value.span)
        case _:
            return value


def decided(outcome: bool, span: Span) -> ir.Condition:
    """The condition that is true, or false, for every event."""
    return ir.All((), span=span) if outcome else ir.AnyOf((), span=span)


def _text(value: ir.Text, parts: tuple[str | ir.Value, ...]) -> ir.Value:
    joined: list[str | ir.Value] = []
    for part in parts:
        plain = part.value if isinstance(part, ir.Constant) else part
        if isinstance(plain, str) and joined and isinstance(joined[-1], str):
            joined[-1] += plain
        elif isinstance(plain, str):
            joined.append(plain)
        else:
            assert not isinstance(part, str)
            joined.append(part)
    if all(isinstance(part, str) for part in joined):
        return ir.Constant("".join(str(part) for part in joined), span=value.span)
    return value if len(joined) == len(parts) else ir.Text(tuple(joined), span=value.span)


def _compared(operator: str, left: Scalar, right: Scalar) -> bool | None:
    """The outcome of a comparison of two literals, by the language's table; None for those that are not folded."""
    numbers = [kind_of(side) == "number" for side in (left, right)]
    equal = kind_of(left) == kind_of(right) and left == right
    match operator:
        case "=":
            return equal
        case "!=":
            # Beside a number on the right it holds for another number alone, else it is plain negation.
            return (numbers[0] or not numbers[1]) and not equal
        case "in":
            return False
        case _ if not all(numbers):
            return False
        case _:
            return None
