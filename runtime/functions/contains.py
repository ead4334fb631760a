"""Whether a text contains another."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.javascript import text
from ..semantics.missing import is_nothing


def contains(value: Any, part: Any) -> bool:
    if not isinstance(value, str) or is_nothing(part) or isinstance(part, list | dict):
        return False
    return text(part) in value


FUNCTION = Function(
    name="contains",
    parameters=(Parameter("value", "any"), Parameter("part", "any")),
    returns="boolean",
    sentence="whether a string contains another; false if the value is not a string",
    examples=(
        Example('contains(event, "Order")', {"event": "Order Completed"}, True),
        Example('contains(event, "order")', {"event": "Order Completed"}, False, "case matters"),
        Example('contains(event, "")', {"event": "x"}, True),
        Example("contains(event, 7)", {"event": "Level 7"}, True, "a number is looked for as its text"),
        Example('contains(event, "x")', {}, False),
        Example('contains(event, "x")', {"event": None}, False),
        Example('contains(event, "1")', {"event": 17}, False),
        Example('contains(event, "a")', {"event": ["a"]}, False, 'lists are for `in`: `"a" in event`'),
        Example("contains(event, name)", {"event": "x"}, False, "a missing part is in no text"),
    ),
    call=contains,
    source="Destination Filter Query Language",
)
