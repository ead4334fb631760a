"""The length of a text in UTF-8 bytes, or of a list in items."""

from __future__ import annotations

from typing import Any

from ..argument import wrong_kind
from ..function import Example, Function, Parameter
from ..semantics.javascript import utf8
from ..semantics.missing import is_nothing


def length(value: Any) -> int:
    if isinstance(value, str):
        return len(value) if value.isascii() else len(utf8(value))
    if isinstance(value, list):
        return len(value)
    if is_nothing(value):
        return 0
    raise wrong_kind(value, "string or a list")


FUNCTION = Function(
    name="length",
    parameters=(Parameter("value", "any"),),
    returns="integer",
    sentence="the number of UTF-8 bytes of a string, or of items of a list; 0 for missing and null",
    examples=(
        Example("length(properties.products)", {"properties": {"products": [1, 2, 3]}}, 3),
        Example("length(userId)", {"userId": "abc"}, 3),
        Example("length(userId)", {"userId": "ア"}, 3, "bytes, not characters"),
        Example("length(userId)", {"userId": ""}, 0),
        Example("length(userId)", {}, 0),
        Example("length(userId)", {"userId": None}, 0),
    ),
    call=length,
    fails=True,
    source="Destination Filter Query Language",
)
