"""The smallest of several numbers."""

from __future__ import annotations

from typing import Any

from ..argument import as_numbers
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def least(*values: Any) -> Any:
    return min(as_numbers(values), default=MISSING)


FUNCTION = Function(
    name="min",
    parameters=(Parameter("values", "any", variadic=True),),
    returns="number",
    sentence="the smallest of several numbers, or of a list of numbers; missing if there is none",
    examples=(
        Example("min(properties.prices)", {"properties": {"prices": [2, 1, 3]}}, 1),
        Example("min(properties.total, 2.5)", {"properties": {"total": 2}}, 2),
        Example("min(event, 5)", {"event": None}, 5, "missing and null are passed over"),
        Example("min(event)", {"event": []}, MISSING),
        Example("min(event)", {}, MISSING),
    ),
    call=least,
    fails=True,
)
