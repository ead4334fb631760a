"""An object without some of its keys."""

from __future__ import annotations

from typing import Any

from ..argument import as_object, as_texts
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def without(value: Any, *keys: Any) -> Any:
    if is_nothing(value):
        return value
    named = as_texts(keys)
    return {key: item for key, item in as_object(value).items() if key not in named}


FUNCTION = Function(
    name="without",
    parameters=(
        Parameter("value", "object"),
        Parameter("keys", "any", variadic=True),
    ),
    returns="object",
    sentence="an object without the named keys",
    examples=(
        Example('without(traits, "email", "phone")', {"traits": {"plan": "pro", "email": "x"}}, {"plan": "pro"}),
        Example(
            'without(traits, ["email", "plan"])',
            {"traits": {"plan": "pro", "email": "x"}},
            {},
            "a list of keys will do",
        ),
        Example('without(traits, "x")', {"traits": {"plan": None}}, {"plan": None}),
        Example('without(traits, "x")', {"traits": None}, None),
        Example('without(traits, "x")', {}, MISSING),
    ),
    call=without,
    fails=True,
)
