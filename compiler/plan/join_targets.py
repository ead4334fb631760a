"""Joins targets that take the same value in the same way, so that it is read and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .. import ir
from .mapping_plan import Create, Instruction, Store, Target


def join_targets(instructions: Iterable[Instruction]) -> Iterator[Instruction]:
    """The instructions; those that store the same value become one, at the position of the first."""
    joined: dict[Any, Store] = {}
    order: list[Create | object] = []
    for instruction in instructions:
        if isinstance(instruction, Create) or isinstance(instruction.value, ir.Constant):
            order.append(instruction)
            continue
        key = (instruction.value, *(_way(target) for target in instruction.targets))
        before = joined.get(key)
        if before is None:
            order.append(key)
        joined[key] = (
            instruction if before is None else Store(instruction.value, (*before.targets, *instruction.targets))
        )
    for entry in order:
        yield entry if isinstance(entry, Instruction) else joined[entry]


def _way(target: Target) -> tuple[Any, ...]:
    """What decides how a value is taken; a target that makes something else of every value has a way of its own."""
    facts = target.facts
    if (
        facts is None
        or facts.multiple
        or facts.fields
        or facts.choices
        or (target.use != "sent" and target.level == "top")
    ):
        return (target,)
    return facts.type, facts.nullable, facts.visible, target.level
