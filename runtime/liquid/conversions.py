"""Conversions of values before Liquid writes them or computes with them, as in liquidjs."""

from __future__ import annotations

from math import nan
from typing import Any

from ..semantics.failure import ValueFailure
from ..semantics.javascript import as_number, exact_number, text
from ..semantics.json_values import taken_from

MOST_ITEMS = 100_000
"""Of a range, whose ends may come from an event; Segment's limits are half a second and 100 MB of memory."""


def items(value: list[Any] | tuple[Any, ...] | range) -> list[Any] | tuple[Any, ...] | range:
    """The value itself, when its items are about to be read. Raises ValueFailure for a range that is too long."""
    if isinstance(value, range) and value.stop - value.start > MOST_ITEMS:
        raise ValueFailure(f"the range ({value.start}..{value.stop - 1}) has more than {MOST_ITEMS:,} items")
    return value


def is_nil(value: Any) -> bool:
    """Whether a value is null or undefined; what the library knows as undefined is of a type of its own."""
    return value is None or not isinstance(value, str | bool | int | float | list | tuple | dict | range)


def stringify(value: Any) -> str:
    """The text that is written for a value: nothing for nil, the items of a list one after another."""
    if isinstance(value, str):
        return value
    pieces: list[str] = []
    pending = [value]
    for item in taken_from(pending, value):
        if isinstance(item, list | tuple | range):
            pending.extend(reversed(items(item)))
        elif not is_nil(item):
            pieces.append(text(item))
    return "".join(pieces)


def number_or_nan(value: Any) -> int | float:
    """`Number(value)`, except that a whole number keeps its digits: the number of a value, or NaN."""
    if isinstance(value, bool) or value is None:
        return int(value or 0)
    if isinstance(value, int | float):
        return as_number(value) if isinstance(value, float) else int(value)
    return exact_number(text(value)) if isinstance(value, str | list) else nan


def to_number(value: Any) -> int | float:
    """The number of a value; 0 if it has none."""
    number = number_or_nan(value)
    return number if number == number else 0


def property_of(value: Any, path: str) -> Any:
    """The value at a path of keys with points between them, or None."""
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def to_list(value: Any) -> list[Any]:
    """A list as it is, nothing as an empty one, anything else as a list of one."""
    if isinstance(value, list | tuple | range):
        return list(items(value))
    return [] if is_nil(value) else [value]


def to_whole(value: Any, otherwise: int) -> int:
    """A whole number for a place or a count, rounded toward 0, at most a billion each way; `otherwise` for nil."""
    if is_nil(value):
        return otherwise
    number = to_number(value)
    return int(max(-1e9, min(1e9, number)))
