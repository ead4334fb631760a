"""The absolute value of a number."""

from __future__ import annotations

from typing import Any

from ..argument import as_number
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def absolute(value: Any) -> Any:
    return value if is_nothing(value) else abs(as_number(value))


FUNCTION = Function(
    name="abs",
    parameters=(Parameter("value", "number"),),
    returns="number",
    sentence="the absolute value of a number",
    examples=(
        Example("abs(properties.refund)", {"properties": {"refund": -9.5}}, 9.5),
        Example("abs(event)", {"event": 7}, 7),
        Example("abs(event)", {"event": None}, None),
        Example("abs(event)", {}, MISSING),
    ),
    call=absolute,
    fails=True,
)
