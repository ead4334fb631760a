"""Whether a value is neither missing nor null."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.missing import is_nothing


def exists(value: Any) -> bool:
    return not is_nothing(value)


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
