"""The values of an object."""

from __future__ import annotations

from typing import Any

from ..argument import absent, as_object
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def values(value: Any) -> Any:
    return value if absent(value) else list(as_object(value).values())


FUNCTION = Function(
    name="values",
    parameters=(Parameter("value", "object"),),
    returns="list",
    sentence="the values of an object as a list, in the order of its keys",
    examples=(
        Example("values(traits)", {"traits": {"plan": "pro", "age": 5}}, ["pro", 5]),
        Example("values(traits)", {"traits": {}}, []),
        Example("values(traits)", {"traits": None}, None),
        Example("values(traits)", {}, MISSING),
    ),
    call=values,
    fails=True,
)
