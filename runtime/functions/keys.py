"""The keys of an object."""

from __future__ import annotations

from typing import Any

from ..argument import as_object
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def keys(value: Any) -> Any:
    return value if is_nothing(value) else list(as_object(value))


FUNCTION = Function(
    name="keys",
    parameters=(Parameter("value", "object"),),
    returns="list",
    sentence="the keys of an object as a list, in order",
    examples=(
        Example("keys(traits)", {"traits": {"plan": "pro", "age": 5}}, ["plan", "age"]),
        Example("keys(traits)", {"traits": {}}, []),
        Example("keys(traits)", {"traits": None}, None),
        Example("keys(traits)", {}, MISSING),
    ),
    call=keys,
    fails=True,
)
