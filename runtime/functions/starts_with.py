"""Whether a text begins with another."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.javascript import text
from ..semantics.missing import is_nothing


def starts_with(value: Any, part: Any) -> bool:
    if not isinstance(value, str) or is_nothing(part) or isinstance(part, list | dict):
        return False
    return value.startswith(text(part))


FUNCTION = Function(
    name="starts_with",
    parameters=(Parameter("value", "any"), Parameter("part", "any")),
    returns="boolean",
    sentence="whether a string starts with another; false if the value is not a string",
    examples=(
        Example('starts_with(event, "Order")', {"event": "Order Completed"}, True),
        Example('starts_with(event, "Completed")', {"event": "Order Completed"}, False),
        Example('starts_with(event, "order")', {"event": "Order Completed"}, False, "case matters"),
        Example("starts_with(event, 7)", {"event": "7 up"}, True, "a number is looked for as its text"),
        Example('starts_with(event, "x")', {}, False),
        Example('starts_with(event, "x")', {"event": None}, False),
        Example('starts_with(event, "1")', {"event": 17}, False),
    ),
    call=starts_with,
    source="@segment/destination-subscriptions",
)
