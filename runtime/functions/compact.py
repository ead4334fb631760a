"""An object without its null values."""

from __future__ import annotations

from typing import Any

from ..function import Example, Function, Parameter
from ..semantics.json_values import taken_from
from ..semantics.missing import MISSING


def compact(value: Any) -> Any:
    if value is None:
        return MISSING
    if not isinstance(value, dict):
        return value
    whole: dict[str, Any] = {}
    pending = [(value, whole)]
    for given, kept in taken_from(pending, value):
        for key, item in given.items():
            if isinstance(item, dict):
                kept[key] = {}
                pending.append((item, kept[key]))
            elif item is not None:
                kept[key] = item
    return whole


FUNCTION = Function(
    name="compact",
    parameters=(Parameter("value", "any"),),
    returns="any",
    sentence="an object without the keys whose value is null, at every level except inside lists",
    examples=(
        Example("compact(traits)", {"traits": {"a": 1, "b": None, "c": {"d": None}}}, {"a": 1, "c": {}}),
        Example(
            "compact(traits)", {"traits": {"a": [None, {"b": None}]}}, {"a": [None, {"b": None}]}, "lists are left"
        ),
        Example("compact(traits)", {"traits": {"a": "", "b": False}}, {"a": "", "b": False}, "null alone goes"),
        Example("compact(traits)", {"traits": None}, MISSING),
        Example("compact(traits)", {}, MISSING),
        Example("compact(traits)", {"traits": "x"}, "x"),
    ),
    call=compact,
    source="mapping-kit, @excludeWhenNull",
)
