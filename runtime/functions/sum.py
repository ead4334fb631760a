"""The sum of several numbers."""

from __future__ import annotations

from typing import Any

from ..argument import as_number, as_numbers
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def total(*values: Any) -> Any:
    if len(values) == 1 and is_nothing(values[0]):
        return values[0]
    result: int | float = 0
    for number in as_numbers(values):
        # Not the built-in sum: newer Pythons correct its rounding, and one event must give one number everywhere.
        result += number
    return as_number(result)


FUNCTION = Function(
    name="sum",
    parameters=(Parameter("values", "any", variadic=True),),
    returns="number",
    sentence="the sum of several numbers, or of a list of numbers; missing and null are skipped",
    examples=(
        Example(
            "sum([p.price for p in properties.products])", {"properties": {"products": [{"price": 2}, {"price": 3}]}}, 5
        ),
        Example("sum(properties.prices)", {"properties": {"prices": [2, None, 0.5]}}, 2.5),
        Example("sum(properties.total, properties.tax)", {"properties": {"total": 10}}, 10),
        Example("sum([])", {}, 0),
        Example("sum(event)", {"event": None}, None),
        Example("sum(event)", {}, MISSING),
    ),
    call=total,
    fails=True,
)
