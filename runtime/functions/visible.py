"""Whether a value is neither missing nor blank."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.blank import is_blank


def visible(value: Any) -> bool:
    # Most texts begin with a visible character of ASCII.
    return (value.__class__ is str and "!" <= value < "\x7f") or not is_blank(value)


FUNCTION = Function(
    name="visible",
    parameters=(Parameter("value", "any"),),
    returns="boolean",
    sentence="whether a value is not missing, not null and not text of only white space and invisible characters",
    examples=(
        Example("visible(name)", {"name": "Home"}, True),
        Example("visible(name)", {"name": " Home "}, True),
        Example("visible(name)", {"name": ""}, False),
        Example("visible(name)", {"name": " \t"}, False, "`blank` finds only empty text blank"),
        Example("visible(name)", {"name": "\u200b"}, False, "a zero-width space"),
        Example("visible(name)", {"name": None}, False),
        Example("visible(name)", {}, False),
        Example("visible(name)", {"name": [""]}, False, "a list of one is its item"),
        Example("visible(name)", {"name": []}, True),
        Example("visible(name)", {"name": 0}, True),
    ),
    call=visible,
)
