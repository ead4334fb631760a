"""A time as milliseconds since 1970."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from ..argument import absent, as_number, shown, wrong_kind
from ..function import Example, Function, Parameter, ValueFailure
from ..semantics.missing import MISSING

_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})"
    r"(?:[Tt ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]+))?)?(?: ?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)
_EPOCH = re.compile(r"-?[0-9]{9,15}(?:\.[0-9]+)?")
_FIRST_DAY = date(1970, 1, 1).toordinal()
_LEAST_MILLISECONDS = 100_000_000_000
"""Epoch numbers below this are seconds, up to the year 5138; from here on they are milliseconds, from 1973."""


def timestamp_ms(value: Any) -> Any:
    if absent(value):
        return value
    if isinstance(value, str):
        bare = value.strip()
        return _from_epoch(float(bare)) if _EPOCH.fullmatch(bare) else _from_iso(bare)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise wrong_kind(value, "time")
    return _from_epoch(as_number(value))


def _from_epoch(number: int | float) -> int:
    return round(number * 1000) if abs(number) < _LEAST_MILLISECONDS else round(number)


def _from_iso(text: str) -> int:
    found = _ISO.fullmatch(text)
    if found is None:
        raise ValueFailure(f"{shown(text)} is not a time")
    year, month, day, hour, minute, second, fraction, zone = found.groups(default="")
    clock = [int(part or 0) for part in (hour, minute, second)]
    try:
        days = date(int(year), int(month), int(day)).toordinal() - _FIRST_DAY
    except ValueError:
        days = None
    offset = _minutes(zone)
    if days is None or offset is None or clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        raise ValueFailure(f"{shown(text)} is not a time")
    seconds = ((days * 24 + clock[0]) * 60 + clock[1] - offset) * 60 + clock[2]
    return seconds * 1000 + int(f"{fraction:0<3}"[:3])


def _minutes(zone: str) -> int | None:
    """The minutes that a zone such as `+02:00` is ahead of UTC; None for one that does not exist."""
    if zone in ("", "Z", "z"):
        return 0
    hours, minutes = int(zone[1:3]), int(zone[3:].lstrip(":") or 0)
    if hours > 23 or minutes > 59:
        return None
    return (hours * 60 + minutes) * (-1 if zone[0] == "-" else 1)


FUNCTION = Function(
    name="timestamp_ms",
    parameters=(Parameter("value", "any"),),
    returns="integer",
    sentence="milliseconds since 1970 of an ISO 8601 time, or of an epoch number in seconds or milliseconds",
    examples=(
        Example("timestamp_ms(timestamp)", {"timestamp": "2024-05-01T12:34:56.789Z"}, 1714566896789),
        Example("timestamp_ms(timestamp)", {"timestamp": "2024-05-01T12:34:56+02:00"}, 1714559696000),
        Example(
            "timestamp_ms(timestamp)", {"timestamp": "2024-05-01 10:00"}, 1714557600000, "without a zone it is UTC"
        ),
        Example("timestamp_ms(timestamp)", {"timestamp": "2024-05-01"}, 1714521600000),
        Example("timestamp_ms(timestamp)", {"timestamp": 1714566896}, 1714566896000, "seconds, by its size"),
        Example("timestamp_ms(timestamp)", {"timestamp": "1714566896789"}, 1714566896789),
        Example("timestamp_ms(timestamp)", {"timestamp": None}, None),
        Example("timestamp_ms(timestamp)", {}, MISSING),
    ),
    call=timestamp_ms,
    fails=True,
    source="ISO 8601",
)
