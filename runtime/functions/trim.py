"""A text without the white space at its ends."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.javascript import WHITESPACE
from ..semantics.missing import MISSING


def trim(value: Any) -> Any:
    return value.strip(WHITESPACE) if isinstance(value, str) else value


FUNCTION = Function(
    name="trim",
    parameters=(Parameter("value", "any"),),
    returns="any",
    sentence="a string without white space at its ends; any other value is returned unchanged",
    examples=(
        Example("trim(traits.name)", {"traits": {"name": "  Ada  Lovelace\n"}}, "Ada  Lovelace"),
        Example("trim(event)", {"event": "\u00a0x\ufeff"}, "x", "as JavaScript's `trim`"),
        Example("trim(event)", {"event": "   "}, ""),
        Example("trim(event)", {"event": None}, None),
        Example("trim(event)", {}, MISSING),
        Example("trim(event)", {"event": 5}, 5),
    ),
    call=trim,
)
