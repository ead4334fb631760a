"""The first of several values that is neither missing nor null."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def coalesce(*values: Any) -> Any:
    for value in values[:-1]:
        if not is_nothing(value):
            return value
    return values[-1]


FUNCTION = Function(
    name="coalesce",
    parameters=(Parameter("values", "any", variadic=True),),
    returns="any",
    sentence="the first value that is neither missing nor null; if there is none, the last value",
    examples=(
        Example("coalesce(context.device.id, anonymousId)", {"anonymousId": "a1"}, "a1"),
        Example("coalesce(userId, anonymousId)", {"userId": "", "anonymousId": "a1"}, "", "empty text is there"),
        Example("coalesce(userId, anonymousId)", {"userId": None, "anonymousId": 0}, 0),
        Example("coalesce(userId, anonymousId, null)", {}, None),
        Example("coalesce(null, userId)", {}, MISSING),
    ),
    call=coalesce,
    source="mapping-kit, @if exists",
)
