"""The keys of several objects in one object."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.javascript import units


def merge(*objects: Any) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for part in objects:
        if isinstance(part, dict):
            merged.update(part)
        elif isinstance(part, str | list):
            items = units(part) if isinstance(part, str) else part
            merged.update((str(index), item) for index, item in enumerate(items))
    return merged


FUNCTION = Function(
    name="merge",
    parameters=(Parameter("objects", "any", variadic=True),),
    returns="object",
    sentence="all keys of several objects in one object; if a key occurs twice, the later value wins",
    examples=(
        Example('merge(traits, { plan: "pro" })', {"traits": {"plan": "free", "age": 5}}, {"plan": "pro", "age": 5}),
        Example(
            "merge(traits, properties)",
            {"traits": {"a": {"b": 1}}, "properties": {"a": {"c": 2}}},
            {"a": {"c": 2}},
            "one level",
        ),
        Example("merge(traits, properties)", {"traits": {"a": 1}}, {"a": 1}),
        Example(
            "merge(traits, properties)", {"traits": {"a": 1}, "properties": {"a": None}}, {"a": None}, "null is a value"
        ),
        Example("merge(traits, properties)", {"traits": None, "properties": 5}, {}),
        Example(
            "merge(traits)",
            {"traits": ["x", "y"]},
            {"0": "x", "1": "y"},
            "lists and texts by place, as JavaScript has it",
        ),
        Example("merge(traits)", {"traits": "hi"}, {"0": "h", "1": "i"}),
    ),
    call=merge,
    source="mapping-kit, @merge",
)
