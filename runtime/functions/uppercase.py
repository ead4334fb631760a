"""A text in upper case."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def uppercase(value: Any) -> Any:
    return value.upper() if isinstance(value, str) else value


FUNCTION = Function(
    name="uppercase",
    parameters=(Parameter("value", "any"),),
    returns="any",
    sentence="a string in upper case; any other value is returned unchanged",
    examples=(
        Example("uppercase(properties.currency)", {"properties": {"currency": "usd"}}, "USD"),
        Example("uppercase(event)", {"event": "straße"}, "STRASSE", "as JavaScript has it"),
        Example("uppercase(event)", {"event": None}, None),
        Example("uppercase(event)", {}, MISSING),
        Example("uppercase(event)", {"event": 5}, 5),
    ),
    call=uppercase,
    source="Destination Filter Query Language; mapping-kit, @case",
)
