"""Tests of values in Python: whether there is one, and whether a field can take it as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from .. import ir
from ..catalog import FieldSchema
from ..plan.mapping_plan import Place
from ..value_types import NOTHING, Kinds, never_blank, never_empty
from .python_code import Python, code

_CLASSES = {"string": "str", "boolean": "bool", "object": "dict", "integer": "int"}
"""Python's class of a value that a field takes as it is; a number has two."""
_KINDS = {kind: frozenset((kind,)) for kind in ("string", "boolean", "object")}
"""Of what kind a value must be for its class to be sure."""


@dataclass(frozen=True, slots=True)
class Always:
    """Every value can stand as it is."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Values that pass a test can stand as they are."""

    test: Python
    is_sure: bool
    """What does not pass counts as no value; else the field decides what it makes of it."""


@dataclass(frozen=True, slots=True)
class Coerce:
    """Only the field can tell what it makes of a value."""


TypeGuard: TypeAlias = Always | Guard | Coerce


def type_guard(place: Place, value: ir.Value, held: Python, possible: Kinds) -> TypeGuard:
    """Which values of the kinds that are possible a place can take as they stand; `held` is the name of the value."""
    facts = place.facts
    assert facts is not None
    if facts.multiple or facts.choices or facts.fields:
        return Coerce()
    if facts.type == "number":
        number = code("{}.__class__ is float and -INFINITY < {} < INFINITY", held, held)
        return Guard(code("{}.__class__ is int or {}", held, number), is_sure=False)
    if facts.type not in _CLASSES:
        return Coerce()
    if _is_sure(facts, value, possible):
        test = _presence(place, facts, value, held, possible)
        return Always() if test is None else Guard(test, is_sure=True)
    if facts.visible:
        # Text that begins with a letter, a digit or a sign of ASCII is visible; the rest is judged by `put`.
        test = code("{}.__class__ is str and '!' <= {} < '\\x7f'", held, held)
    elif facts.type == "string" and place.level == "top":
        test = code("{} and {}.__class__ is str", held, held)
    else:
        test = code("{}.__class__ is {}", held, Python(_CLASSES[facts.type]))
    takes_null = facts.nullable and (facts.visible or (facts.type == "string" and place.level == "top"))
    return Guard(code("{} is None or {}", held, test) if takes_null else test, is_sure=False)


def _is_sure(facts: FieldSchema, value: ir.Value, possible: Kinds) -> bool:
    """Whether a value can only be of its field's own class, or nothing, and stands as it is."""
    if facts.visible and not never_blank(value):
        return False
    return possible - NOTHING == _KINDS.get(facts.type)


def _presence(place: Place, facts: FieldSchema, value: ir.Value, held: Python, possible: Kinds) -> Python | None:
    """A test that a value of its field's own class counts as one; None where it always does."""
    if facts.type != "string" or place.level != "top":
        return is_present(value, held, possible, null_is_missing=place.null_is_missing)
    if not possible & NOTHING:
        return None if never_empty(value) else held
    return code("{} is not MISSING and {} != ''", held, held) if facts.nullable else held


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
