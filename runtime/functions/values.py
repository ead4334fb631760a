"""The values of an object."""

from __future__ import annotations

from typing import Any

from ..argument import as_object
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def values(value: Any) -> Any:
    return value if is_nothing(value) else list(as_object(value).values())


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
