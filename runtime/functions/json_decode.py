"""The value of a JSON text."""

from __future__ import annotations

from typing import Any

import msgspec

from ..function import Example, Function, Parameter
from ..semantics.missing import MISSING


def json_decode(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return value


FUNCTION = Function(
    name="json_decode",
    parameters=(Parameter("value", "any"),),
    returns="any",
    sentence="the value of a JSON text; any other value is returned unchanged",
    examples=(
        Example("json_decode(properties.cart)", {"properties": {"cart": '{"items":[1,2]}'}}, {"items": [1, 2]}),
        Example("json_decode(event)", {"event": " 5 "}, 5),
        Example("json_decode(event)", {"event": "null"}, None),
        Example("json_decode(event)", {"event": "9007199254740993"}, 9007199254740993, "no digit is lost"),
        Example("json_decode(event)", {"event": "not JSON"}, "not JSON"),
        Example("json_decode(event)", {"event": ""}, ""),
        Example("json_decode(event)", {"event": "{'a': 1}"}, "{'a': 1}"),
        Example("json_decode(event)", {"event": '"\\ud83d"'}, '"\\ud83d"', "half a character is not text"),
        Example("json_decode(event)", {"event": [1]}, [1]),
        Example("json_decode(event)", {"event": None}, None),
        Example("json_decode(event)", {}, MISSING),
    ),
    call=json_decode,
    source="mapping-kit, @json decode",
)
