"""The name of the type of a value."""

from __future__ import annotations

from ..function import Example, Function, Parameter
from ..semantics.description import type_name

FUNCTION = Function(
    name="typeof",
    parameters=(Parameter("value", "any"),),
    returns="string",
    sentence="the type of a value: `string`, `number`, `list`, `bool`, `object` or `null`; missing is also `null`",
    examples=(
        Example("typeof(userId)", {"userId": "u1"}, "string"),
        Example("typeof(userId)", {"userId": 5}, "number"),
        Example("typeof(userId)", {"userId": 2.5}, "number"),
        Example("typeof(userId)", {"userId": True}, "bool"),
        Example("typeof(true)", {}, "bool", "FQL's word; never `boolean`"),
        Example("typeof(userId)", {"userId": []}, "list"),
        Example("typeof(userId)", {"userId": {}}, "object"),
        Example("typeof(userId)", {"userId": None}, "null"),
        Example("typeof(userId)", {}, "null"),
    ),
    call=type_name,
    source="Destination Filter Query Language",
)
