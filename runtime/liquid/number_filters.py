"""Arithmetic filters, with doubles as in JavaScript."""

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
    return math.ceil(number) if abs(number) < LARGEST_EXACT else number


def floor(value: Any) -> Number:
    number = to_number(value)
    return math.floor(number) if abs(number) < LARGEST_EXACT else number


def plus(value: Any, other: Any = None) -> Number:
    return as_number(as_double(to_number(value)) + as_double(to_number(other)))


def minus(value: Any, other: Any = None) -> Number:
    return as_number(as_double(to_number(value)) - as_double(to_number(other)))


def times(value: Any, other: Any = None) -> Number:
    return as_number(as_double(to_number(value)) * as_double(to_number(other)))


def divided_by(value: Any, divisor: Any = None, whole: Any = False) -> Number:
    dividend, by = as_double(to_number(value)), as_double(to_number(divisor))
    if by:
        quotient = dividend / by
    else:
        quotient = math.nan if dividend == 0 or dividend != dividend else math.copysign(math.inf, dividend)
    return floor(quotient) if to_number(whole) else as_number(quotient)


def modulo(value: Any, divisor: Any = None) -> Number:
    """The remainder with the divisor's sign; nothing that is a number when it is 0 or has no end."""
    number, by = as_double(to_number(value)), as_double(to_number(divisor))
    if not by or not math.isfinite(number) or not math.isfinite(by):
        return math.nan
    return as_number(math.fmod(math.fmod(number, by) + by, by))


def round_(value: Any, digits: Any = 0) -> Number:
    number, places = to_number(value), to_number(digits)
    scaled = _shifted(abs(number), places)
    if not scaled < LARGEST_EXACT:
        return number
    rounded = _shifted(math.floor(scaled + 0.5), -places)
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
