"""An object with some of its keys."""

from __future__ import annotations

from typing import Any

from ..argument import as_object, as_texts
from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING, is_nothing


def pick(value: Any, *keys: Any) -> Any:
    if is_nothing(value):
        return value
    named = as_texts(keys)
    return {key: item for key, item in as_object(value).items() if key in named}


FUNCTION = Function(
    name="pick",
    parameters=(
        Parameter("value", "object"),
        Parameter("keys", "any", variadic=True),
    ),
    returns="object",
    sentence="an object with only the named keys",
    examples=(
        Example(
            'pick(traits, "plan", "age")',
            {"traits": {"plan": "pro", "email": "x", "age": 5}},
            {"plan": "pro", "age": 5},
        ),
        Example(
            'pick(traits, ["plan", "age"])',
            {"traits": {"plan": "pro", "email": "x"}},
            {"plan": "pro"},
            "a list of keys will do",
        ),
        Example('pick(traits, "x")', {"traits": {"plan": None}}, {}),
        Example('pick(traits, "plan")', {"traits": {"plan": None}}, {"plan": None}),
        Example('pick(traits, "x")', {"traits": None}, None),
        Example('pick(traits, "x")', {}, MISSING),
    ),
    call=pick,
    fails=True,
)
