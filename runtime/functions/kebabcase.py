"""A text with dashes for its spaces."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def kebabcase(value: Any) -> Any:
    return value.replace(" ", "-") if isinstance(value, str) else value


FUNCTION = Function(
    name="kebabcase",
    parameters=(Parameter("value", "any"),),
    returns="any",
    sentence="a string with dashes in place of spaces; any other value is returned unchanged",
    examples=(
        Example("kebabcase(event)", {"event": "test string"}, "test-string"),
        Example(
            "kebabcase(event)",
            {"event": "Test String"},
            "Test-String",
            "case is left: `lowercase(kebabcase(event))`",
        ),
        Example("kebabcase(event)", {"event": "a  b"}, "a--b", "each space is one"),
        Example("kebabcase(event)", {"event": "camelCase"}, "camelCase"),
        Example("kebabcase(event)", {"event": None}, None),
        Example("kebabcase(event)", {}, MISSING),
        Example("kebabcase(event)", {"event": 5}, 5),
    ),
    call=kebabcase,
    source="Destination Filter Query Language",
)
