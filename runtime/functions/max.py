"""The largest of several numbers."""

from __future__ import annotations

from typing import Any

from ..argument import as_numbers
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def greatest(*values: Any) -> Any:
    return max(as_numbers(values), default=MISSING)


FUNCTION = Function(
    name="max",
    parameters=(Parameter("values", "any", variadic=True),),
    returns="number",
    sentence="the largest of several numbers, or of a list of numbers; missing if there is none",
    examples=(
        Example("max(properties.prices)", {"properties": {"prices": [2, 1, 3]}}, 3),
        Example("max(properties.total, 2.5)", {"properties": {"total": 7}}, 7),
        Example("max(event, 5)", {"event": None}, 5, "missing and null are passed over"),
        Example("max(event)", {"event": []}, MISSING),
        Example("max(event)", {}, MISSING),
    ),
    call=greatest,
    fails=True,
)
