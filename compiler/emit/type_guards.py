"""Writes guards: whether a value exists, and whether its field accepts it unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ...runtime.semantics.accepted_values import ACCEPTED, Accepted
from .. import ir
from ..catalog import FieldSchema
from ..plan.accepted_values import accepted_kind, accepts_null
from ..plan.mapping_plan import Target
from ..value_types import NOTHING, Kinds, never_blank, never_empty
from .python_code import Python, code


@dataclass(frozen=True, slots=True)
class Always:
    """Every value is accepted unchanged."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Values that pass a test are accepted unchanged."""

    test: Python
    is_sure: bool
    """A value that does not pass counts as missing; otherwise the field converts it."""


@dataclass(frozen=True, slots=True)
class Coerce:
    """Only the field can convert the value."""


TypeGuard: TypeAlias = Always | Guard | Coerce


def type_guard(target: Target, value: ir.Value, held: Python, possible: Kinds) -> TypeGuard:
    """Which values of the possible kinds a target accepts unchanged; `held` is the name of the value."""
    facts = target.facts
    assert facts is not None
    kind = accepted_kind(target)
    if kind not in ACCEPTED:
        return Coerce()
    accepted = ACCEPTED[kind]
    if _is_sure(accepted, facts, value, possible):
        test = _presence(target, facts, value, held, possible)
        return Always() if test is None else Guard(test, is_sure=True)
    test = code(accepted.test, *[held] * accepted.test.count("{}"))
    return Guard(code("{} is None or {}", held, test) if accepts_null(target) else test, is_sure=False)


def _is_sure(accepted: Accepted, facts: FieldSchema, value: ir.Value, possible: Kinds) -> bool:
    """Whether a value can only be of the accepted kind, or nothing, and no other test is needed."""
    if facts.visible and not never_blank(value):
        return False
    return possible - NOTHING == {accepted.kind}


def _presence(target: Target, facts: FieldSchema, value: ir.Value, held: Python, possible: Kinds) -> Python | None:
    """A test that a value of its field's own class counts as one; None where it always does."""
    if facts.type != "string" or target.level != "top":
        return is_present(value, held, possible, null_is_missing=target.null_is_missing)
    if not possible & NOTHING:
        return None if never_empty(value) else held
    return code("{} is not MISSING and {} != ''", held, held) if facts.nullable else held


def is_present(value: ir.Value, held: Python, possible: Kinds, *, null_is_missing: bool) -> Python | None:
    """A test that a value exists, neither missing nor, with `null_is_missing`, null; None if it always exists."""
    absent = possible & NOTHING
    if not null_is_missing:
        return code("{} is not MISSING", held) if "missing" in absent else None
    if not absent:
        return None
    if isinstance(value, ir.Read) or absent == {"null"}:
        return code("{} is not None", held)
    return code("{} is not None and {} is not MISSING", held, held)
