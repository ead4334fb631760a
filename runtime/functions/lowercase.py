"""A text in lower case."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def lowercase(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


FUNCTION = Function(
    name="lowercase",
    parameters=(Parameter("value", "any"),),
    returns="any",
    sentence="a string in lower case; any other value is returned unchanged",
    examples=(
        Example("lowercase(traits.email)", {"traits": {"email": "Ada@Example.COM"}}, "ada@example.com"),
        Example("lowercase(event)", {"event": "ÅNGSTRÖM ΟΔΟΣ"}, "ångström οδος"),
        Example("lowercase(event)", {"event": None}, None),
        Example("lowercase(event)", {}, MISSING),
        Example("lowercase(event)", {"event": ["A", 5]}, ["A", 5]),
    ),
    call=lowercase,
    source="Destination Filter Query Language; mapping-kit, @case",
)
