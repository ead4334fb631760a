"""Whether a value is there."""

from __future__ import annotations

from typing import Any

from ..argument import absent
from ..function import Example, Function, Parameter


def exists(value: Any) -> bool:
    return not absent(value)


FUNCTION = Function(
    name="exists",
    parameters=(Parameter("value", "any"),),
    returns="boolean",
    sentence="whether a value is neither missing nor null",
    examples=(
        Example("exists(userId)", {"userId": "u1"}, True),
        Example("exists(userId)", {"userId": ""}, True, "empty text is there; see `blank`"),
        Example("exists(userId)", {"userId": False}, True),
        Example("exists(userId)", {"userId": None}, False),
        Example("exists(userId)", {}, False),
    ),
    call=exists,
    source="mapping-kit, @if exists",
)
