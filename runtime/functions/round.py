"""A number rounded to some digits."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from ..argument import as_number, as_whole
from ..function import Example, Function, Parameter
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.javascript import as_number as as_json_number
from ..semantics.missing import MISSING, is_nothing

_MOST_DIGITS = 15


def rounded(value: Any, digits: Any = 0) -> Any:
    if is_nothing(value):
        return value
    number, places = as_number(value), as_whole(digits)
    if not 0 <= places <= _MOST_DIGITS:
        raise ValueFailure(f"{shown(digits)} is not a count of digits from 0 to {_MOST_DIGITS}")
    return number if isinstance(number, int) else as_json_number(_rounded(number, places))


def _rounded(number: float, places: int) -> float:
    # Decimal digits are what the author sees: 1.005 is to become 1.01, though its double lies below the middle.
    unit = Decimal(1).scaleb(-places)
    return float(Decimal(repr(number)).quantize(unit, ROUND_HALF_UP, Context(prec=400)))


FUNCTION = Function(
    name="round",
    parameters=(
        Parameter("value", "number"),
        Parameter("digits", "integer", default="0"),
    ),
    returns="number",
    sentence="a number rounded to `digits` digits after the point; halves are rounded away from 0",
    examples=(
        Example("round(properties.total, 2)", {"properties": {"total": 19.987}}, 19.99),
        Example("round(event)", {"event": 2.5}, 3),
        Example("round(event)", {"event": -2.5}, -3),
        Example("round(event, 2)", {"event": 1.005}, 1.01, "by the digits that are written"),
        Example("round(event)", {"event": 7}, 7),
        Example("round(event)", {"event": None}, None),
        Example("round(event)", {}, MISSING),
    ),
    call=rounded,
    fails=True,
)
