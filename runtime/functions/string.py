"""A value as text."""

from __future__ import annotations

from typing import Any

from ..argument import wrong_kind
from ..function import Example, Function, Parameter
from ..semantics.javascript import text
from ..semantics.missing import MISSING, is_nothing


def string(value: Any) -> Any:
    if isinstance(value, str) or is_nothing(value):
        return value
    if isinstance(value, dict):
        raise wrong_kind(value, "string")
    return text(value)


FUNCTION = Function(
    name="string",
    parameters=(Parameter("value", "any"),),
    returns="string",
    sentence="a number, a boolean or a list as text, as in a template",
    examples=(
        Example("string(properties.level)", {"properties": {"level": 5}}, "5"),
        Example("string(properties.level)", {"properties": {"level": 5.0}}, "5"),
        Example("string(properties.level)", {"properties": {"level": 1e21}}, "1e+21", "as JavaScript has it"),
        Example(
            "string(properties.id)",
            {"properties": {"id": 157963456373623809}},
            "157963456373623809",
            "a whole number keeps all its digits",
        ),
        Example("string(properties.level)", {"properties": {"level": True}}, "true"),
        Example("string(properties.level)", {"properties": {"level": [1, "a"]}}, "1,a"),
        Example("string(properties.level)", {"properties": {"level": "x"}}, "x"),
        Example("string(properties.level)", {"properties": {"level": None}}, None),
        Example("string(properties.level)", {}, MISSING),
    ),
    call=string,
    fails=True,
    source="Destination Filter Query Language",
)
