"""Whether a text ends with another."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.javascript import text
from ..semantics.missing import is_nothing


def ends_with(value: Any, part: Any) -> bool:
    if not isinstance(value, str) or is_nothing(part) or isinstance(part, list | dict):
        return False
    return value.endswith(text(part))


FUNCTION = Function(
    name="ends_with",
    parameters=(Parameter("value", "any"), Parameter("part", "any")),
    returns="boolean",
    sentence="whether a string ends with another; false if the value is not a string",
    examples=(
        Example('ends_with(event, "Completed")', {"event": "Order Completed"}, True),
        Example('ends_with(event, "Order")', {"event": "Order Completed"}, False),
        Example("ends_with(event, 7)", {"event": "Level 7"}, True, "a number is looked for as its text"),
        Example('ends_with(event, "x")', {}, False),
        Example('ends_with(event, "x")', {"event": None}, False),
        Example('ends_with(event, "7")', {"event": 17}, False),
    ),
    call=ends_with,
    source="@segment/destination-subscriptions",
)
