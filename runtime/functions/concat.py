"""Texts joined to one text, or lists to one list."""

from __future__ import annotations

from typing import Any

from ..argument import as_list
from ..function import Example, Function, Parameter
from ..semantics.missing import is_nothing
from ..template_text import template_text


def concat(*values: Any) -> Any:
    if any(isinstance(value, list) for value in values):
        return [item for value in values if not is_nothing(value) for item in as_list(value)]
    return "".join(map(template_text, values))


FUNCTION = Function(
    name="concat",
    parameters=(Parameter("values", "any", variadic=True),),
    returns="any",
    sentence="all texts joined to one text, or all lists to one list; missing and null add nothing",
    examples=(
        Example(
            'concat(traits.first, " ", traits.last)', {"traits": {"first": "Ada", "last": "Lovelace"}}, "Ada Lovelace"
        ),
        Example("concat(event, 5, true)", {"event": "x"}, "x5true", "written as templates write it"),
        Example('concat("a", event)', {}, "a"),
        Example('concat("a", event)', {"event": None}, "a"),
        Example("concat(event, name)", {}, ""),
        Example("concat(event, [3])", {"event": [1, [2]]}, [1, [2], 3]),
        Example("concat(event, [3])", {}, [3]),
    ),
    call=concat,
    fails=True,
)
