"""The whole number at or above a number."""

from __future__ import annotations

import math
from typing import Any

from ..argument import as_number
from ..function import Example, Function, Parameter
from ..semantics.javascript import LARGEST_EXACT
from ..semantics.missing import MISSING, is_nothing


def ceil(value: Any) -> Any:
    if is_nothing(value):
        return value
    number = as_number(value)
    return math.ceil(number) if abs(number) < LARGEST_EXACT else number


FUNCTION = Function(
    name="ceil",
    parameters=(Parameter("value", "number"),),
    returns="number",
    sentence="a number rounded up to a whole number",
    examples=(
        Example("ceil(properties.total)", {"properties": {"total": 2.5}}, 3),
        Example("ceil(event)", {"event": -2.5}, -2),
        Example("ceil(event)", {"event": 7}, 7),
        Example("ceil(event)", {"event": 1e300}, 1e300),
        Example("ceil(event)", {"event": None}, None),
        Example("ceil(event)", {}, MISSING),
    ),
    call=ceil,
    fails=True,
)
