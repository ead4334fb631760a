"""Computes what is the same for every event: texts made of texts, arithmetic and conditions on literals."""

from __future__ import annotations

import operator
from collections.abc import Callable

from ...dsl.ast import Scalar
from ...dsl.source import Span
from .. import ir
from ..resolve.types import kind_of


def fold_constants(value: ir.Value) -> ir.Value:
    """The value, or what it always is; its parts have been folded before."""
    match value:
        case ir.Template(parts):
            return _text(value, parts)
        case ir.Negative(ir.Constant(operand)):
            return _number(value, "-", 0, operand)
        case ir.Arithmetic(sign, ir.Constant(left), ir.Constant(right)):
            return _number(value, sign, left, right)
        case ir.IsTrue(ir.Constant(constant)):
            return decided(constant is True, value.span)
        case ir.IsTrue(inner) if isinstance(inner, ir.CONDITIONS):
            return inner
        case ir.Not(ir.Not(inner)):
            return inner
        case ir.Not(ir.All(())):
            return decided(False, value.span)
        case ir.Not(ir.AnyOf(())):
            return decided(True, value.span)
        case ir.Compare(sign, ir.Constant(left), ir.Constant(right)):
            outcome = _compared(sign, left, right)
            return value if outcome is None else decided(outcome, value.span)
        case _:
            return value


def as_field(value: ir.Value) -> ir.Value:
    """The value of a field: a condition that is decided is true or false there."""
    if isinstance(value, ir.All | ir.AnyOf) and not value.conditions:
        return ir.Constant(isinstance(value, ir.All), span=value.span)
    return value


def decided(outcome: bool, span: Span) -> ir.Condition:
    """The condition that is true, or false, for every event."""
    return ir.All((), span=span) if outcome else ir.AnyOf((), span=span)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_EXACT = 2**53
"""The whole numbers that a double holds one by one; larger ones are left to the runtime."""


def _number(value: ir.Value, sign: str, left: Scalar, right: Scalar) -> ir.Value:
    """The result of arithmetic on two numbers; the value itself where it is not a number that any double holds."""
    if kind_of(left) != "number" or kind_of(right) != "number" or (sign == "/" and right == 0):
        return value
    assert isinstance(left, int | float)
    assert isinstance(right, int | float)
    if max(abs(left), abs(right)) > _EXACT:
        return value
    result = _ARITHMETIC[sign](left, right)
    if not -_EXACT < result < _EXACT:
        return value
    whole = isinstance(result, float) and result.is_integer()
    return ir.Constant(int(result) if whole else result, span=value.span)


def _text(value: ir.Template, parts: tuple[str | ir.Value, ...]) -> ir.Value:
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
    return value if len(joined) == len(parts) else ir.Template(tuple(joined), span=value.span)


def _compared(sign: str, left: Scalar, right: Scalar) -> bool | None:
    """The outcome of a comparison of two literals, by the language's table; None for those that are not folded."""
    numbers = [kind_of(side) == "number" for side in (left, right)]
    equal = kind_of(left) == kind_of(right) and left == right
    match sign:
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
