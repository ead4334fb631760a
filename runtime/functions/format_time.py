"""A time as text, by a format."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ..argument import as_text
from ..function import Example, Function, Parameter, failing
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.missing import MISSING, is_nothing
from ..semantics.time_format import time_text, unknown_part
from .timestamp_ms import timestamp_ms

_START = datetime(1970, 1, 1, tzinfo=UTC)


def format_time(value: Any, format: Any = "%Y-%m-%dT%H:%M:%S.%LZ") -> Any:
    if is_nothing(value):
        return value
    try:
        time = _START + timedelta(milliseconds=timestamp_ms(value))
    except OverflowError:
        raise ValueFailure(f"{shown(value)} is not a time in the years from 1 to 9999") from None
    parts = as_text(format)
    if (unknown := unknown_part(parts)) is not None:
        raise ValueFailure(f"`{unknown}` is not a part of a time")
    return time_text(time, parts)


FUNCTION = Function(
    name="format_time",
    parameters=(
        Parameter("value", "any"),
        Parameter(
            "format",
            "string",
            default='"%Y-%m-%dT%H:%M:%S.%LZ"',
            fault=failing(lambda format: format_time(0, format)),
        ),
    ),
    returns="string",
    sentence="a time, read as by `timestamp_ms`, in UTC and in a format such as `%Y %m %d %H %M %S %L`",
    examples=(
        Example('format_time(timestamp, "%Y-%m-%d")', {"timestamp": "2024-05-01T23:30:00-02:00"}, "2024-05-02"),
        Example("format_time(timestamp)", {"timestamp": 1714566896}, "2024-05-01T12:34:56.000Z"),
        Example(
            'format_time(timestamp, "%a %-d %b %y, %I:%M %p")',
            {"timestamp": "2024-05-01T00:05Z"},
            "Wed 1 May 24, 12:05 AM",
        ),
        Example(
            'format_time(timestamp, "%A, %B %d; day %j, %u")',
            {"timestamp": "2024-12-31"},
            "Tuesday, December 31; day 366, 2",
        ),
        Example(
            'format_time(timestamp, "%H:%M:%S.%L %s 100%%")',
            {"timestamp": "1969-12-31T23:59:59.5Z"},
            "23:59:59.500 -1 100%",
        ),
        Example("format_time(timestamp)", {"timestamp": None}, None),
        Example("format_time(timestamp)", {}, MISSING),
    ),
    call=format_time,
    fails=True,
)
