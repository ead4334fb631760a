"""A part of a text or of a list."""

from __future__ import annotations

from typing import Any

from ..argument import as_text, as_whole
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def slice(value: Any, start: Any, end: Any = None) -> Any:
    if is_nothing(value):
        return value
    sequence = value if isinstance(value, list) else as_text(value)
    return sequence[as_whole(start) : None if is_nothing(end) else as_whole(end)]


FUNCTION = Function(
    name="slice",
    parameters=(
        Parameter("value", "any"),
        Parameter("start", "integer"),
        Parameter("end", "integer", default="null"),
    ),
    returns="any",
    sentence="characters of a string or items of a list, from `start` to before `end`; below 0 counts from the end",
    examples=(
        Example("slice(properties.zip, 0, 3)", {"properties": {"zip": "94107"}}, "941"),
        Example("slice(event, 1)", {"event": "abc"}, "bc"),
        Example("slice(event, -2)", {"event": "abc"}, "bc"),
        Example("slice(event, 0, -1)", {"event": ["a", "b", "c"]}, ["a", "b"]),
        Example("slice(event, 5)", {"event": "abc"}, ""),
        Example("slice(event, 1)", {"event": "a😀b"}, "😀b", "whole characters, whatever their size"),
        Example("slice(event, 0, 2)", {"event": 12345}, "12", "a number or a bool is taken as its text"),
        Example("slice(event, 1)", {"event": None}, None),
        Example("slice(event, 1)", {}, MISSING),
    ),
    call=slice,
    fails=True,
)
