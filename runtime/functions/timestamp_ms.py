"""A time as milliseconds since 1970."""

from __future__ import annotations

from typing import Any

from ..argument import as_milliseconds
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def timestamp_ms(value: Any) -> Any:
    if is_nothing(value):
        return value
    return as_milliseconds(value)


FUNCTION = Function(
    name="timestamp_ms",
    parameters=(Parameter("value", "any"),),
    returns="integer",
    sentence="an ISO 8601 time, or an epoch number in seconds or milliseconds, as milliseconds since 1970",
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
