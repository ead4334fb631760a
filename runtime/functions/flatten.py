"""A nested object as a flat one."""

from __future__ import annotations

from typing import Any

from ..argument import wrong_kind
from ..function import Example, Function, Parameter
from ..semantics.javascript import keys_in_order
from ..semantics.json_values import taken_from
from ..semantics.missing import MISSING


def flatten(value: Any, separator: Any = ".", omit_arrays: Any = False) -> dict[str, Any]:
    if not isinstance(separator, str):
        raise wrong_kind(separator, "string")
    flat: dict[str, Any] = {}
    pending: list[tuple[str, Any]] = [("", value)]
    for key, item in taken_from(pending, value):
        if isinstance(item, dict):
            inner = [(name, item[name]) for name in keys_in_order(item)]
        elif isinstance(item, list) and omit_arrays is not True:
            inner = [(str(index), part) for index, part in enumerate(item)]
        else:
            if item is not MISSING:
                flat[key] = item
            continue
        pending.extend((f"{key}{separator}{name}" if key else name, part) for name, part in reversed(inner))
    return flat


FUNCTION = Function(
    name="flatten",
    parameters=(
        Parameter("value", "any"),
        Parameter("separator", "string", default='"."'),
        Parameter("omit_arrays", "boolean", default="false"),
    ),
    returns="object",
    sentence="an object whose keys are the paths of its values; lists are flattened unless `omit_arrays` is true",
    examples=(
        Example("flatten(traits)", {"traits": {"a": {"b": 1, "c": [2, 3]}}}, {"a.b": 1, "a.c.0": 2, "a.c.1": 3}),
        Example('flatten(traits, "_")', {"traits": {"a": {"b": 1}}}, {"a_b": 1}),
        Example('flatten(traits, ".", true)', {"traits": {"a": {"b": [2, 3]}}}, {"a.b": [2, 3]}),
        Example(
            "flatten(traits)", {"traits": {"a": {}, "b": [], "c": None}}, {"c": None}, "what is empty leaves no key"
        ),
        Example('flatten(traits, ".", true)', {"traits": {"b": []}}, {"b": []}),
        Example("flatten(traits)", {"traits": 5}, {"": 5}, "as Segment has it"),
        Example("flatten(traits)", {"traits": None}, {"": None}),
        Example("flatten(traits)", {}, {}),
    ),
    call=flatten,
    fails=True,
    source="mapping-kit, @flatten",
)
