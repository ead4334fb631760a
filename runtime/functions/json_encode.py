"""A value as JSON text."""

from __future__ import annotations

from ..function import Example, Function, Parameter
from ..semantics.javascript import json_text
from ..semantics.missing import MISSING

FUNCTION = Function(
    name="json_encode",
    parameters=(Parameter("value", "any"),),
    returns="string",
    sentence="the value as JSON text, written as JavaScript writes it",
    examples=(
        Example("json_encode(properties)", {"properties": {"a": [1, True, None]}}, '{"a":[1,true,null]}'),
        Example("json_encode(event)", {"event": 'say "é"'}, '"say \\"é\\""'),
        Example("json_encode(event)", {"event": 5.0}, "5"),
        Example(
            "json_encode(event)",
            {"event": {"b": 1, "2": 0, "1": 0}},
            '{"1":0,"2":0,"b":1}',
            "JavaScript's order of keys",
        ),
        Example("json_encode(event)", {"event": None}, "null"),
        Example("json_encode(event)", {}, MISSING),
    ),
    call=json_text,
    source="mapping-kit, @json encode",
)
