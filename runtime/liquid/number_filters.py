"""Arithmetic filters, with doubles as in JavaScript; whole numbers keep all their digits."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..semantics.javascript import LARGEST_EXACT, as_double, as_number, number_text, text_to_number
from .conversions import number_or_nan, to_number

Number = int | float


def absolute(value: Any) -> Number:
    return abs(to_number(value))


def at_least(value: Any, bound: Any = None) -> Number:
    return max(to_number(value), to_number(bound))


def at_most(value: Any, bound: Any = None) -> Number:
    return min(to_number(value), to_number(bound))


def ceil(value: Any) -> Number:
    number = to_number(value)
    return math.ceil(number) if _has_fraction(number) else number


def floor(value: Any) -> Number:
    number = to_number(value)
    return math.floor(number) if _has_fraction(number) else number


def _has_fraction(number: Number) -> bool:
    return isinstance(number, float) and abs(number) < LARGEST_EXACT


def plus(value: Any, operand: Any = None) -> Number:
    left, right = _operands(value, operand)
    return _result(left + right)


def minus(value: Any, operand: Any = None) -> Number:
    left, right = _operands(value, operand)
    return _result(left - right)


def times(value: Any, operand: Any = None) -> Number:
    left, right = _operands(value, operand)
    return _result(left * right)


def _operands(value: Any, operand: Any) -> tuple[Number, Number]:
    """Both as they are where both are whole numbers, and as doubles where one is not."""
    left, right = to_number(value), to_number(operand)
    are_whole = isinstance(left, int) and isinstance(right, int)
    return (left, right) if are_whole else (as_double(left), as_double(right))


def _result(number: Number) -> Number:
    """A whole number with all its digits, or Infinity beyond the largest double: digits do not grow without end."""
    if isinstance(number, float):
        return as_number(number)
    double = as_double(number)
    return number if math.isfinite(double) else double


def divided_by(value: Any, divisor: Any = None, whole: Any = False) -> Number:
    dividend, by = _operands(value, divisor)
    if by and isinstance(dividend, int) and (to_number(whole) or dividend % by == 0):
        return _result(dividend // by)
    dividend, by = as_double(dividend), as_double(by)
    if by:
        quotient = dividend / by
    else:
        quotient = math.nan if dividend == 0 or dividend != dividend else math.copysign(math.inf, dividend)
    return floor(quotient) if to_number(whole) else as_number(quotient)


def modulo(value: Any, divisor: Any = None) -> Number:
    """The remainder with the divisor's sign; NaN if the divisor is 0, or either number is infinite."""
    number, by = _operands(value, divisor)
    if by and isinstance(number, int):
        return number % by
    if not by or not math.isfinite(number) or not math.isfinite(by):
        return math.nan
    return as_number(math.fmod(math.fmod(number, by) + by, by))


def round_(value: Any, digits: Any = 0) -> Number:
    number, places = to_number(value), to_number(digits)
    scaled = _shifted(abs(number), places)
    if not scaled < LARGEST_EXACT:
        return number
    whole = math.floor(scaled)
    rounded = _shifted(whole + (scaled - whole >= 0.5), -places)  # a sum with 0.5 is not exact
    return -rounded if number < 0 else rounded


def _shifted(number: Number, places: Number) -> Number:
    """The number with its decimal point moved, by its digits and not by arithmetic."""
    mantissa, _, power = number_text(number).partition("e")
    return text_to_number(f"{mantissa}e{number_text(int(power or 0) + places)}")


def to_integer(value: Any) -> Number:
    return number_or_nan(value)


FILTERS: dict[str, Callable[..., Any]] = {
    "abs": absolute,
    "at_least": at_least,
    "at_most": at_most,
    "ceil": ceil,
    "divided_by": divided_by,
    "floor": floor,
    "minus": minus,
    "modulo": modulo,
    "plus": plus,
    "round": round_,
    "times": times,
    "to_integer": to_integer,
}
