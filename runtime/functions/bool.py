"""A value as true or false."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.description import shown
from ..semantics.failure import ValueFailure
from ..semantics.missing import MISSING, is_nothing

_WORDS = {"true": True, "1": True, "false": False, "0": False, "": False}


def boolean(value: Any) -> Any:
    if isinstance(value, bool) or is_nothing(value):
        return value
    if isinstance(value, int | float):
        return value != 0 and value == value
    if isinstance(value, list):
        return bool(value)
    known = _WORDS.get(value.strip().lower()) if isinstance(value, str) else None
    if known is None:
        raise ValueFailure(f"{shown(value)} is neither true nor false")
    return known


FUNCTION = Function(
    name="bool",
    parameters=(Parameter("value", "any"),),
    returns="boolean",
    sentence="a value as true or false, from a string that spells one, a number (not 0) or a list (not empty)",
    examples=(
        Example("bool(properties.paid)", {"properties": {"paid": "true"}}, True),
        Example("bool(properties.paid)", {"properties": {"paid": " False "}}, False),
        Example("bool(properties.paid)", {"properties": {"paid": "0"}}, False, '`"1"` is true'),
        Example("bool(properties.paid)", {"properties": {"paid": ""}}, False),
        Example("bool(properties.paid)", {"properties": {"paid": 2}}, True),
        Example("bool(properties.paid)", {"properties": {"paid": 0}}, False),
        Example("bool(properties.paid)", {"properties": {"paid": []}}, False),
        Example("bool(properties.paid)", {"properties": {"paid": False}}, False),
        Example("bool(properties.paid)", {"properties": {"paid": None}}, None),
        Example("bool(properties.paid)", {}, MISSING),
    ),
    call=boolean,
    fails=True,
    source="Destination Filter Query Language",
)
