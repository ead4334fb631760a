"""A time as milliseconds since 1970."""

from __future__ import annotations

import re
from typing import Any

from ..argument import as_number, wrong_kind
from ..function import Example, Function, Parameter
from ..semantics.dates import milliseconds_of_iso
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.missing import MISSING, is_nothing

_EPOCH = re.compile(r"-?[0-9]{9,15}(?:\.[0-9]+)?")
_LEAST_MILLISECONDS = 100_000_000_000
"""Epoch numbers below this are seconds, up to the year 5138; from here on they are milliseconds, from 1973."""


def timestamp_ms(value: Any) -> Any:
    if is_nothing(value):
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
    time = milliseconds_of_iso(text)
    if time is None:
        raise ValueFailure(f"{shown(text)} is not a time")
    return time


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
        Example("timestamp_ms(timestamp)", {"timestamp": "20240501T1000Z"}, 1714557600000, "the basic format"),
        Example("timestamp_ms(timestamp)", {"timestamp": 1714566896}, 1714566896000, "seconds, by its size"),
        Example("timestamp_ms(timestamp)", {"timestamp": "1714566896789"}, 1714566896789),
        Example("timestamp_ms(timestamp)", {"timestamp": None}, None),
        Example("timestamp_ms(timestamp)", {}, MISSING),
    ),
    call=timestamp_ms,
    fails=True,
    source="ISO 8601",
)
