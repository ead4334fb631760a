"""Tests of values in Python: whether there is one, and whether a field can take it as it stands."""

from __future__ import annotations

from .. import ir
from ..plan.mapping_plan import Place
from ..resolve.types import NOTHING, Kinds, never_blank, never_empty
from .python_code import Python, code

_CLASSES = {"string": "str", "boolean": "bool", "object": "dict", "integer": "int"}
"""Python's class of a value that a field takes as it is; a number has two."""
_KINDS = {kind: frozenset((kind,)) for kind in ("string", "boolean", "object")}
"""Of what kind a value must be for its class to be sure."""


def is_sure(place: Place, value: ir.Value, possible: Kinds) -> bool:
    """Whether a value can only be of its field's own class, or nothing, and stands as it is."""
    facts = place.facts
    if facts is None or (facts.visible and not never_blank(value)):
        return False
    return possible - NOTHING == _KINDS.get(facts.type)


def is_of_own_class(place: Place, value: ir.Value, held: Python, possible: Kinds) -> Python | None:
    """A test that a value can stand as it is; None where none is simple enough, empty where it always can."""
    facts = place.facts
    assert facts is not None
    if facts.multiple or facts.choices or facts.fields:
        return None
    if facts.type == "number":
        number = code("{}.__class__ is float and -INFINITY < {} < INFINITY", held, held)
        return code("{}.__class__ is int or {}", held, number)
    if facts.type not in _CLASSES:
        return None
    sure = is_sure(place, value, possible)
    if facts.visible and not sure:
        # Text that begins with a letter, a digit or a sign of ASCII is visible; the rest is judged by `put`.
        text = code("{}.__class__ is str and '!' <= {} < '\\x7f'", held, held)
        return code("{} is None or {}", held, text) if facts.nullable else text
    if facts.type == "string" and place.level == "top":
        if sure and not possible & NOTHING:
            return Python("") if never_empty(value) else held
        if sure and facts.nullable:
            return code("{} is not MISSING and {} != ''", held, held)
        text = held if sure else code("{} and {}.__class__ is str", held, held)
        return code("{} is None or {}", held, text) if facts.nullable else text
    if sure:
        return is_present(value, held, possible, null_is_missing=place.null_is_missing) or Python("")
    return code("{}.__class__ is {}", held, Python(_CLASSES[facts.type]))


def is_present(value: ir.Value, held: Python, possible: Kinds, *, null_is_missing: bool) -> Python | None:
    """A test that there is a value at all; None where there always is one."""
    absent = possible & NOTHING
    if not null_is_missing:
        return code("{} is not MISSING", held) if "missing" in absent else None
    if not absent:
        return None
    if isinstance(value, ir.Read) or absent == {"null"}:
        return code("{} is not None", held)
    return code("{} is not None and {} is not MISSING", held, held)
