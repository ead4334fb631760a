"""The first item of a list."""

from __future__ import annotations

from typing import Any

from ..argument import as_list
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def first(value: Any) -> Any:
    if is_nothing(value):
        return value
    items = as_list(value)
    return items[0] if items else MISSING


FUNCTION = Function(
    name="first",
    parameters=(Parameter("value", "list"),),
    returns="any",
    sentence="the first item of a list; missing if the list is empty",
    examples=(
        Example("first(properties.products)", {"properties": {"products": ["a", "b", "c"]}}, "a"),
        Example("first(event)", {"event": [None]}, None),
        Example("first(event)", {"event": []}, MISSING),
        Example("first(event)", {"event": None}, None),
        Example("first(event)", {}, MISSING),
    ),
    call=first,
    fails=True,
)
