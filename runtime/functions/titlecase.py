"""A text with a capital letter at each word."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def titlecase(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    return " ".join(word[:1].upper() + word[1:] for word in value.split(" "))


FUNCTION = Function(
    name="titlecase",
    parameters=(Parameter("value", "any"),),
    returns="any",
    sentence="a string with the first letter of each word in upper case; any other value is returned unchanged",
    examples=(
        Example("titlecase(event)", {"event": "test string"}, "Test String"),
        Example("titlecase(event)", {"event": "a USB stick"}, "A USB Stick", "other letters are left"),
        Example("titlecase(event)", {"event": "a  b"}, "A  B"),
        Example("titlecase(event)", {"event": "it's e-mail"}, "It's E-mail", "words end at a space"),
        Example("titlecase(event)", {"event": None}, None),
        Example("titlecase(event)", {}, MISSING),
        Example("titlecase(event)", {"event": 5}, 5),
    ),
    call=titlecase,
    source="Destination Filter Query Language",
)
