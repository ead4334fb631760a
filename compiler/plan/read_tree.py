"""What values read: the paths from one root, as a tree, and how often each is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ...dsl.ast import Step
from .. import ir

ReadPath: TypeAlias = tuple[tuple[Step, ...], bool]
"""A path that is read, and whether null and missing are the same to its reader."""


@dataclass(frozen=True, slots=True)
class ReadTree:
    """A step of one or more paths; the steps below it are read from its value."""

    children: Mapping[Step, ReadTree] = field(default_factory=dict)
    uses: int = 0
    """How often the value itself is read where null and missing are the same."""


def read_tree(reads: Iterable[ReadPath]) -> ReadTree:
    """The tree of some reads."""
    below: dict[Step, list[ReadPath]] = {}
    uses = 0
    for steps, null_is_missing in reads:
        if steps:
            below.setdefault(steps[0], []).append((steps[1:], null_is_missing))
        else:
            uses += null_is_missing
    return ReadTree({step: read_tree(inner) for step, inner in below.items()}, uses)


def reads_of(values: Iterable[tuple[ir.Value, bool]], root: int) -> Iterator[ReadPath]:
    """All reads from a root in values; each value comes with whether its reader treats null and missing alike."""
    pending = list(values)
    while pending:
        value, null_is_missing = pending.pop()
        if isinstance(value, ir.Read):
            if value.root == root:
                yield value.steps, null_is_missing
            continue
        pending.extend(_inside(value, null_is_missing))


def _inside(value: ir.Value, null_is_missing: bool) -> list[tuple[ir.Value, bool]]:
    """The values that a value is made from, each with whether null and missing are the same there."""
    match value:
        case ir.Get(target):
            return [(target, False)]
        case ir.Template(parts):
            return [(part, True) for part in parts if not isinstance(part, str)]
        case ir.MakeObject(entries):
            return [(entry, False) for _, entry in entries]
        case ir.MakeList(items):
            return [(item, True) for item in items]
        case ir.ForEach(item, _, iterable, condition):
            looped: list[tuple[ir.Value, bool]] = [(item, False), (iterable, null_is_missing)]
            return looped if condition is None else [*looped, (condition, True)]
        case ir.Call(_, arguments):
            return [(argument, False) for argument in arguments]
        case ir.If(condition, then, otherwise):
            return [(condition, True), (then, null_is_missing), (otherwise, null_is_missing)]
        case ir.Coalesce(values):
            return [*((value_, True) for value_ in values[:-1]), (values[-1], null_is_missing)]
        case ir.Negative(operand):
            return [(operand, True)]
        case ir.Arithmetic(_, left, right) | ir.Compare(_, left, right):
            return [(left, True), (right, True)]
        case ir.All(conditions) | ir.AnyOf(conditions):
            return [(condition, True) for condition in conditions]
        case ir.Not(condition):
            return [(condition, True)]
        case ir.TextTest(_, arguments):
            return [(argument, True) for argument in arguments]
        case ir.IsTrue(inner):
            return [(inner, True)]
        case _:
            return []
