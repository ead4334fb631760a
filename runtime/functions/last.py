"""The last item of a list."""

from __future__ import annotations

from typing import Any

from ..argument import as_list
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def last(value: Any) -> Any:
    if is_nothing(value):
        return value
    items = as_list(value)
    return items[-1] if items else MISSING


FUNCTION = Function(
    name="last",
    parameters=(Parameter("value", "list"),),
    returns="any",
    sentence="the last item of a list; missing if the list is empty",
    examples=(
        Example("last(properties.products)", {"properties": {"products": ["a", "b", "c"]}}, "c"),
        Example("last(event)", {"event": [None]}, None),
        Example("last(event)", {"event": []}, MISSING),
        Example("last(event)", {"event": None}, None),
        Example("last(event)", {}, MISSING),
    ),
    call=last,
    fails=True,
)
