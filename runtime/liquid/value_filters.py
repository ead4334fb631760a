"""Filters for lists, objects, JSON, times and default values."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from ..argument import as_milliseconds
from ..semantics.failure import ValueFailure
from ..semantics.javascript import json_text, unit_count
from ..semantics.time_format import time_text
from .conditions import equal
from .conversions import is_nil, property_of, stringify, to_list, to_number, to_whole
from .number_filters import plus

_WIDEST_STEP = 10
"""JSON is set in by at most so many characters, as JavaScript has it."""
_JSON_PARTS = re.compile(r'"(?:[^"\\]|\\.)*"|\[\]|\{\}|[{}\[\],:]|[^"{}\[\],:]+')
_START = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_OF_JAVASCRIPT = 8.64e15
"""Milliseconds since 1970 beyond which JavaScript's dates are invalid."""
_LONG = "%A, %B %-e, %Y at %-l:%M %P %z"


def default(value: Any, fallback: Any = None, allow_false: Any = False) -> Any:
    if isinstance(value, list | str):
        return value if value else fallback
    if value is False and allow_false:
        return False
    return fallback if is_nil(value) or value is False else value


def json(value: Any, space: Any = 0) -> Any:
    """`JSON.stringify(value, null, space)`: `space` is a number of blanks, or the text that each step is set in by."""
    if is_nil(value) and value is not None:
        return None
    step = space[:_WIDEST_STEP] if isinstance(space, str) else " " * min(_WIDEST_STEP, to_whole(space, 0))
    written = json_text(value)
    return _set_in(written, step) if step and isinstance(written, str) else written


def _set_in(text: str, step: str) -> str:
    """JSON of one line on as many as it has items, each set in by how deep it is."""
    lines: list[str] = []
    depth = 0
    for part in _JSON_PARTS.findall(text):
        if part in ("}", "]"):
            depth -= 1
            lines += ("\n", step * depth)
        lines.append(part)
        if part in ("{", "["):
            depth += 1
        if part in ("{", "[", ","):
            lines += ("\n", step * depth)
        elif part == ":":
            lines.append(" ")
    return "".join(lines)


def size(value: Any) -> Any:
    """`value.length || 0`, which of an object is the key of that name."""
    if isinstance(value, str):
        return unit_count(value)
    if isinstance(value, dict):
        length = value.get("length")
        return length if length or isinstance(length, list | dict) else 0
    return len(value) if isinstance(value, list | tuple | range) else 0


def first(value: Any) -> Any:
    return _at(value, 0)


def last(value: Any) -> Any:
    return _at(value, -1)


def _at(value: Any, index: int) -> Any:
    if not isinstance(value, str | list | tuple | range) or value == "":
        return ""
    return value[index] if value else None


def slice_(value: Any, start: Any = None, length: Any = None) -> Any:
    if is_nil(value):
        return []
    sequence = value if isinstance(value, list) else stringify(value)
    begin, count = to_whole(start, 0), to_whole(length, 1)
    begin += len(sequence) if begin < 0 else 0
    return sequence[:0] if begin < 0 or count < 0 else sequence[begin : begin + count]


def compact(value: Any) -> list[Any]:
    return [item for item in to_list(value) if not is_nil(item)]


def push(value: Any, item: Any = None) -> list[Any]:
    return [*to_list(value), item]


def pop(value: Any) -> list[Any]:
    return to_list(value)[:-1]


def unshift(value: Any, item: Any = None) -> list[Any]:
    return [item, *to_list(value)]


def shift(value: Any) -> list[Any]:
    return to_list(value)[1:]


def where(value: Any, name: Any = None, expected: Any = None) -> list[Any]:
    """The items whose property is the expected value, or, when none is named, is neither nil nor false."""
    pairs = [(item, property_of(item, stringify(name))) for item in to_list(value)]
    if is_nil(expected):
        return [item for item, held in pairs if not is_nil(held) and held is not False]
    return [item for item, held in pairs if equal(held, expected)]


def total(value: Any, name: Any = None) -> int | float:
    result: int | float = 0
    for item in to_list(value):
        result = plus(result, item if is_nil(name) else property_of(item, stringify(name)))
    return result


def date(value: Any, format: Any = None, zone: Any = None) -> Any:
    time = _time(value, zone)
    return value if time is None else time_text(time, _LONG if is_nil(format) else stringify(format))


def date_to_xmlschema(value: Any) -> Any:
    return date(value, "%Y-%m-%dT%H:%M:%S%:z")


def date_to_rfc822(value: Any) -> Any:
    return date(value, "%a, %d %b %Y %H:%M:%S %z")


def date_to_string(value: Any, style: Any = None, country: Any = None) -> Any:
    return _short_date(value, "%b", style, country)


def date_to_long_string(value: Any, style: Any = None, country: Any = None) -> Any:
    return _short_date(value, "%B", style, country)


def _short_date(value: Any, month: str, style: Any, country: Any) -> Any:
    if style != "ordinal":
        return date(value, f"%d {month} %Y")
    return date(value, f"{month} %-d%q, %Y" if country == "US" else f"%-d%q {month} %Y")


def _time(value: Any, zone: Any) -> datetime | None:
    """The time of a value: seconds since 1970, or ISO 8601; None if it is not a time."""
    if value in ("now", "today"):
        raise ValueFailure(f"`{value}` asks for a clock, and a rule has none")
    if isinstance(value, str) and not (value.isascii() and value.isdigit()):
        try:
            milliseconds: float = as_milliseconds(value)
        except ValueFailure:
            return None
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        milliseconds = to_number(value) * 1000
    else:
        return None
    try:
        return (_START + timedelta(milliseconds=milliseconds)).astimezone(_zone(zone))
    except OverflowError:
        if abs(milliseconds) > _LAST_OF_JAVASCRIPT:
            return None
        message = f"`{stringify(value)}` is a time beyond the year 9999; a number is in seconds, not in milliseconds"
        raise ValueFailure(message) from None


def _zone(zone: Any) -> tzinfo:
    """UTC, or so many minutes west of it, or a place by name."""
    if is_nil(zone):
        return UTC
    if isinstance(zone, int | float):
        return timezone(-timedelta(minutes=zone))
    try:
        return ZoneInfo(stringify(zone))
    except (ValueError, OSError, LookupError):
        raise ValueFailure(f"`{stringify(zone)}` is not a time zone") from None


def sample(value: Any) -> Any:
    raise ValueFailure("`sample` asks for chance, and a rule has none")


FILTERS: dict[str, Callable[..., Any]] = {
    "compact": compact,
    "date": date,
    "date_to_long_string": date_to_long_string,
    "date_to_rfc822": date_to_rfc822,
    "date_to_string": date_to_string,
    "date_to_xmlschema": date_to_xmlschema,
    "default": default,
    "first": first,
    "inspect": json,
    "json": json,
    "jsonify": json,
    "last": last,
    "pop": pop,
    "push": push,
    "raw": lambda value: value,
    "sample": sample,
    "shift": shift,
    "size": size,
    "slice": slice_,
    "sum": total,
    "unshift": unshift,
    "where": where,
}
