"""A time written as a format says."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from ..argument import absent, as_text, shown
from ..function import Example, Function, Parameter, ValueFailure
from ..missing import MISSING
from .timestamp_ms import timestamp_ms

_START = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_PART = re.compile(r"%(.?)", re.DOTALL)


def format_time(value: Any, format: Any = "%Y-%m-%dT%H:%M:%S.%LZ") -> Any:
    if absent(value):
        return value
    milliseconds = timestamp_ms(value)
    try:
        time = _START + timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise ValueFailure(f"{shown(value)} is not a time in the years from 1 to 9999") from None
    return _PART.sub(lambda part: _written(part[1], time, milliseconds), as_text(format))


def _written(part: str, time: datetime, milliseconds: int) -> str:
    """One part of a format. Not strftime, whose answers depend on the machine and its locale."""
    match part:
        case "Y":
            return f"{time.year:04}"
        case "m":
            return f"{time.month:02}"
        case "d":
            return f"{time.day:02}"
        case "H":
            return f"{time.hour:02}"
        case "I":
            return f"{(time.hour + 11) % 12 + 1:02}"
        case "M":
            return f"{time.minute:02}"
        case "S":
            return f"{time.second:02}"
        case "L":
            return f"{time.microsecond // 1000:03}"
        case "p":
            return "AM" if time.hour < 12 else "PM"
        case "y":
            return f"{time.year % 100:02}"
        case "e":
            return str(time.day)
        case "j":
            return f"{time.timetuple().tm_yday:03}"
        case "B" | "b":
            return _MONTHS[time.month - 1][: None if part == "B" else 3]
        case "A" | "a":
            return _DAYS[time.weekday()][: None if part == "A" else 3]
        case "u":
            return str(time.isoweekday())
        case "s":
            return str(milliseconds // 1000)
        case "%":
            return "%"
    raise ValueFailure(f"`%{part}` is not a part of a time")


FUNCTION = Function(
    name="format_time",
    parameters=(
        Parameter("value", "any"),
        Parameter("format", "string", default='"%Y-%m-%dT%H:%M:%S.%LZ"'),
    ),
    returns="string",
    sentence="a time, as `timestamp_ms` reads it, in UTC and in a format of `%Y %m %d %H %M %S %L` and the like",
    examples=(
        Example('format_time(timestamp, "%Y-%m-%d")', {"timestamp": "2024-05-01T23:30:00-02:00"}, "2024-05-02"),
        Example("format_time(timestamp)", {"timestamp": 1714566896}, "2024-05-01T12:34:56.000Z"),
        Example(
            'format_time(timestamp, "%a %e %b %y, %I:%M %p")',
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
