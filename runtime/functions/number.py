"""A value as a number."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.javascript import WHITESPACE, exact_number
from ..semantics.missing import MISSING, is_nothing


def number(value: Any) -> Any:
    if is_nothing(value) or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, str) and value.strip(WHITESPACE):
        result = exact_number(value)
        if isfinite(result):
            return result
    raise ValueFailure(f"{shown(value)} is not a number")


FUNCTION = Function(
    name="number",
    parameters=(Parameter("value", "any"),),
    returns="number",
    sentence="a number, or the number that a string spells",
    examples=(
        Example("number(properties.total)", {"properties": {"total": "129.90"}}, 129.9),
        Example("number(properties.total)", {"properties": {"total": 5}}, 5),
        Example("number(properties.total)", {"properties": {"total": " 5 "}}, 5, "white space is ignored"),
        Example("number(properties.total)", {"properties": {"total": "-1e3"}}, -1000),
        Example("number(properties.total)", {"properties": {"total": "0x1F"}}, 31, "as JavaScript reads it"),
        Example("number(properties.total)", {"properties": {"total": None}}, None),
        Example("number(properties.total)", {}, MISSING),
    ),
    call=number,
    fails=True,
    source="Destination Filter Query Language",
)
