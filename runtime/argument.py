"""Converts an argument to the type that a function needs, or raises ValueFailure with a sentence that says why not."""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from .semantics.dates import milliseconds_of_iso
from .semantics.description import shown, type_name
from .semantics.failure import ValueFailure
from .semantics.javascript import as_double, number_text
from .semantics.missing import is_nothing

_EPOCH = re.compile(r"-?[0-9]{9,15}(?:\.[0-9]+)?")
_LEAST_MILLISECONDS = 100_000_000_000
"""Epoch numbers below this are seconds, up to the year 5138; from here on they are milliseconds, from 1973."""


def wrong_kind(value: Any, wanted: str) -> ValueFailure:
    """The failure for a value of another kind than `wanted`: a noun such as `string` or `object`."""
    wanted = _with_article(wanted)
    if is_nothing(value):
        return ValueFailure(f"{shown(value)} is not {wanted}")
    return ValueFailure(f"{shown(value)} is {_with_article(type_name(value))}, not {wanted}")


def _with_article(noun: str) -> str:
    return f"an {noun}" if noun.startswith("o") else f"a {noun}"


def as_text(value: Any) -> str:
    """A text as it is; a number or a boolean as its text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    raise wrong_kind(value, "string")


def as_number(value: Any) -> int | float:
    """A finite number as it is; numeric text fails, because rules convert it with `number(…)`."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise wrong_kind(value, "number")
    if not isfinite(as_double(value)):
        raise ValueFailure(f"{shown(value)} is not a finite number")
    return value


def as_numbers(values: tuple[Any, ...]) -> list[int | float]:
    """The arguments, or the items of a single list, as numbers; missing and null are skipped."""
    items = values[0] if len(values) == 1 and isinstance(values[0], list) else values
    return [as_number(item) for item in items if not is_nothing(item)]


def as_whole(value: Any) -> int:
    """A whole number, such as an index or a count of digits; 3.0 is 3."""
    number = as_number(value)
    if number != int(number):
        raise ValueFailure(f"{shown(value)} is not a whole number")
    return int(number)


def as_texts(values: tuple[Any, ...]) -> set[str]:
    """The arguments and the items of those that are lists, each as text."""
    return {as_text(item) for value in values for item in (value if isinstance(value, list) else [value])}


def as_list(value: Any) -> list[Any]:
    """The value, if it is a list. Raises ValueFailure."""
    if isinstance(value, list):
        return value
    raise wrong_kind(value, "list")


def as_object(value: Any) -> dict[str, Any]:
    """The value, if it is an object. Raises ValueFailure."""
    if isinstance(value, dict):
        return value
    raise wrong_kind(value, "object")


def as_milliseconds(value: Any) -> int:
    """Milliseconds since 1970 of a time: ISO 8601 text, or a number, also as text.

    A number below 100,000,000,000 is in seconds, a larger one in milliseconds; fractions of a millisecond are rounded.
    """
    if isinstance(value, str):
        bare = value.strip()
        return _from_epoch(float(bare)) if _EPOCH.fullmatch(bare) else _from_iso(bare)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_kind(value, "time")
    return _from_epoch(as_number(value))


def _from_epoch(number: int | float) -> int:
    return round(number * 1000) if abs(number) < _LEAST_MILLISECONDS else round(number)


def _from_iso(text: str) -> int:
    time = milliseconds_of_iso(text)
    if time is None:
        raise ValueFailure(f"{shown(text)} is not a time")
    return time
