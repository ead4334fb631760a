"""Splits fields into the targets that values go into: an object with known keys has a target for each key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .. import ir
from ..catalog import FieldSchema
from .accepted_values import accepts_constant
from .mapping_plan import Create, Instruction, Store, Target, TargetLevel, Use


def place_fields(fields: Iterable[ir.FieldValue], unused: frozenset[str] = frozenset()) -> Iterator[Instruction]:
    """The instructions that fill the fields, in their order; `unused` control fields are only checked."""
    for field in fields:
        use: Use = "sent"
        if field.facts.role == "control":
            use = "checked" if field.facts.name in unused else "control"
        target = Target((field.facts.name,), field.facts, "top", use, field.span)
        yield from _instructions(target, field.value)


def entries(value: ir.MakeObject, facts: FieldSchema, owner: Target) -> Iterator[Instruction]:
    """The instructions that fill the keys of an object; a key that the object cannot have is left out."""
    known = {inner.name: inner for inner in facts.fields}
    level: TargetLevel = "item" if owner.level == "item" else "inside"
    for key, entry in value.entries:
        if key in known or facts.open:
            target = Target((*owner.path, key), known.get(key), level, owner.use, entry.span)
            yield from _instructions(target, entry)


def _instructions(target: Target, value: ir.Value) -> Iterator[Instruction]:
    facts = target.facts
    if isinstance(value, ir.MakeObject) and facts is not None and is_known_object(facts):
        fixed: list[tuple[str, Any]] = []
        inner: list[Instruction] = []
        for instruction in entries(value, facts, target):
            constant = _fixed(instruction)
            if constant is None:
                inner.append(instruction)
            else:
                fixed.append(constant)
        yield Create(target, tuple(fixed))
        yield from inner
    elif not (isinstance(value, ir.Constant) and value.value == "" and target.level == "top"):
        yield Store(value, (target,))


def _fixed(instruction: Instruction) -> tuple[str, Any] | None:
    """A key with the value that it has for every event, if that is of a class which the key takes as it is."""
    if isinstance(instruction, Create) or not isinstance(instruction.value, ir.Constant):
        return None
    target, constant = instruction.targets[0], instruction.value.value
    return (target.path[-1], constant) if accepts_constant(target, constant) else None


def is_known_object(facts: FieldSchema) -> bool:
    """Whether a field is one object whose keys the action knows."""
    return facts.type == "object" and bool(facts.fields) and not facts.multiple
