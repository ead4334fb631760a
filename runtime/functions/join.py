"""The items of a list joined to one text."""

from __future__ import annotations

from typing import Any

from ..argument import as_list, as_text
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing
from ..template_text import template_text


def join(value: Any, separator: Any = ",") -> Any:
    if is_nothing(value):
        return value
    return as_text(separator).join(map(template_text, as_list(value)))


FUNCTION = Function(
    name="join",
    parameters=(
        Parameter("value", "list"),
        Parameter("separator", "string", default='","'),
    ),
    returns="string",
    sentence="the items of a list as one string, with the separator between them",
    examples=(
        Example('join(properties.tags, ", ")', {"properties": {"tags": ["a", "b"]}}, "a, b"),
        Example("join(properties.tags)", {"properties": {"tags": ["a", "b"]}}, "a,b"),
        Example("join(event)", {"event": ["a", None, 1.0, True]}, "a,,1,true", "items as templates write them"),
        Example("join(event)", {"event": []}, ""),
        Example("join(event)", {"event": None}, None),
        Example("join(event)", {}, MISSING),
    ),
    call=join,
    fails=True,
)
