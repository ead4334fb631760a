"""Whether a value is blank by Segment's definition."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.javascript import equals_empty_text
from ..semantics.missing import is_nothing


def blank(value: Any) -> bool:
    return is_nothing(value) or equals_empty_text(value)


FUNCTION = Function(
    name="blank",
    parameters=(Parameter("value", "any"),),
    returns="boolean",
    sentence="whether a value is missing, null or, by JavaScript's loose comparison, equal to empty text",
    examples=(
        Example("blank(userId)", {"userId": ""}, True),
        Example("blank(userId)", {"userId": "u1"}, False),
        Example("blank(userId)", {}, True),
        Example("blank(userId)", {"userId": None}, True),
        Example("blank(userId)", {"userId": 0}, True, "loose equality makes 0 empty"),
        Example("blank(userId)", {"userId": False}, True),
        Example("blank(userId)", {"userId": []}, True),
        Example("blank(userId)", {"userId": [""]}, True, "so is every list whose text is empty"),
        Example("blank(userId)", {"userId": " "}, False, "a space is something"),
        Example("blank(userId)", {"userId": {}}, False),
    ),
    call=blank,
    source="mapping-kit, @if blank",
)
