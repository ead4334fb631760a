"""A value, or a fallback if it is missing, null or empty text."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.missing import is_nothing


def default(value: Any, fallback: Any) -> Any:
    return fallback if is_nothing(value) or value == "" else value


FUNCTION = Function(
    name="default",
    parameters=(
        Parameter("value", "any"),
        Parameter("fallback", "any"),
    ),
    returns="any",
    sentence="the value, or the fallback if the value is missing, null or empty text",
    examples=(
        Example('default(properties.currency, "USD")', {"properties": {"currency": ""}}, "USD"),
        Example('default(properties.currency, "USD")', {"properties": {"currency": "EUR"}}, "EUR"),
        Example('default(properties.currency, "USD")', {}, "USD"),
        Example('default(properties.currency, "USD")', {"properties": {"currency": None}}, "USD"),
        Example("default(properties.count, 1)", {"properties": {"count": 0}}, 0, "0 and false are values"),
    ),
    call=default,
)
