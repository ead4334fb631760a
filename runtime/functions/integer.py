"""A value as a whole number."""

from __future__ import annotations

from typing import Any

from ..argument import as_number
from ..function import Example, Function, Parameter
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.missing import MISSING, is_nothing
from .number import number

_LARGEST = 2**63 - 1


def integer(value: Any) -> Any:
    if is_nothing(value):
        return value
    whole = int(as_number(number(value)))
    if not -_LARGEST <= whole <= _LARGEST:
        raise ValueFailure(f"{shown(value)} is too large for a whole number")
    return whole


FUNCTION = Function(
    name="integer",
    parameters=(Parameter("value", "any"),),
    returns="integer",
    sentence="the whole part of a number, or of the number that a string spells",
    examples=(
        Example("integer(properties.quantity)", {"properties": {"quantity": "3"}}, 3),
        Example("integer(event)", {"event": 2.9}, 2),
        Example("integer(event)", {"event": "-2.9"}, -2, "toward 0"),
        Example("integer(event)", {"event": None}, None),
        Example("integer(event)", {}, MISSING),
    ),
    call=integer,
    fails=True,
)
