"""The parts of a text between separators."""

from __future__ import annotations

from typing import Any

from ..argument import as_text, wrong_kind
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def split(value: Any, separator: Any) -> Any:
    if is_nothing(value):
        return value
    if not isinstance(separator, str):
        raise wrong_kind(separator, "string")
    text = as_text(value)
    return text.split(separator) if separator else list(text)


FUNCTION = Function(
    name="split",
    parameters=(
        Parameter("value", "any"),
        Parameter("separator", "string"),
    ),
    returns="list",
    sentence="the parts of a string between separators, as a list",
    examples=(
        Example('split(properties.tags, ",")', {"properties": {"tags": "a,b,c"}}, ["a", "b", "c"]),
        Example('split(event, ",")', {"event": ",a,"}, ["", "a", ""]),
        Example('split(event, ",")', {"event": ""}, [""], "as JavaScript's `split`"),
        Example('split(event, "")', {"event": "abc"}, ["a", "b", "c"], "characters"),
        Example('split(event, ".")', {"event": 1.5}, ["1", "5"], "a number or a bool is taken as its text"),
        Example('split(event, ",")', {"event": None}, None),
        Example('split(event, ",")', {}, MISSING),
    ),
    call=split,
    fails=True,
)
