"""The whole number at or below a number."""

from __future__ import annotations

import math
from typing import Any

from ..argument import as_number
from ..function import Example, Function, Parameter
from ..semantics.javascript import LARGEST_EXACT
from ..semantics.missing import MISSING, is_nothing


def floor(value: Any) -> Any:
    if is_nothing(value):
        return value
    number = as_number(value)
    return math.floor(number) if abs(number) < LARGEST_EXACT else number


FUNCTION = Function(
    name="floor",
    parameters=(Parameter("value", "number"),),
    returns="number",
    sentence="a number rounded down to a whole number",
    examples=(
        Example("floor(properties.total)", {"properties": {"total": 2.5}}, 2),
        Example("floor(event)", {"event": -2.5}, -3),
        Example("floor(event)", {"event": 7}, 7),
        Example("floor(event)", {"event": 1e300}, 1e300),
        Example("floor(event)", {"event": None}, None),
        Example("floor(event)", {}, MISSING),
    ),
    call=floor,
    fails=True,
)
