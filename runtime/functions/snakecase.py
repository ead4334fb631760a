"""A text with underscores for its spaces."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def snakecase(value: Any) -> Any:
    return value.replace(" ", "_") if isinstance(value, str) else value


FUNCTION = Function(
    name="snakecase",
    parameters=(Parameter("value", "any"),),
    returns="any",
    sentence="a string with underscores in place of spaces; any other value is returned unchanged",
    examples=(
        Example("snakecase(event)", {"event": "test string"}, "test_string"),
        Example(
            "snakecase(event)",
            {"event": "Test String"},
            "Test_String",
            "case is left: `lowercase(snakecase(event))`",
        ),
        Example("snakecase(event)", {"event": "a  b"}, "a__b", "each space is one"),
        Example("snakecase(event)", {"event": "camelCase"}, "camelCase"),
        Example("snakecase(event)", {"event": None}, None),
        Example("snakecase(event)", {}, MISSING),
        Example("snakecase(event)", {"event": 5}, 5),
    ),
    call=snakecase,
    source="Destination Filter Query Language",
)
