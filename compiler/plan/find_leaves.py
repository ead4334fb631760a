"""Finds the paths at which all readers expect the same kind of value, so that the view checks it once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from ...dsl.ast import Step
from .. import ir
from .accepted_values import expected_kind
from .mapping_plan import Instruction, Store
from .read_tree import reads_of
from .view import LeafKind

Steps: TypeAlias = tuple[Step, ...]


def find_leaves(conditions: Sequence[ir.Condition], plans: Iterable[Sequence[Instruction]]) -> Mapping[Steps, LeafKind]:
    """The paths that are only put into text fields or compared with text, and those that are only copied as objects.

    An event with another kind of value at one of them is unusual, but valid: it is read whole.
    """
    all_reads: Counter[Steps] = Counter()
    expecting: Counter[tuple[Steps, LeafKind]] = Counter()
    for condition in conditions:
        all_reads.update(_paths(condition))
        expecting.update((path, "string") for path in _compared(condition))
    for instructions in plans:
        for store in instructions:
            if not isinstance(store, Store):
                continue
            all_reads.update(_paths(store.value))
            if (leaf := _leaf_of(store)) is not None:
                expecting.update((path, leaf) for path in _copied(store.value))
    return {path: leaf for (path, leaf), count in expecting.items() if count == all_reads[path]}


def _paths(value: ir.Value) -> Iterator[Steps]:
    return (steps for steps, _ in reads_of([(value, True)], ir.EVENT))


def _leaf_of(store: Store) -> LeafKind | None:
    match expected_kind(store.targets[0]):
        case "string":
            return "string"
        case "object":
            return "object"
        case _:
            return None


def _copied(value: ir.Value) -> Iterator[Steps]:
    """The paths whose own value a value is."""
    match value:
        case ir.Read(ir.EVENT, steps):
            yield steps
        case ir.Coalesce(values):
            for inner in values:
                yield from _copied(inner)
        case _:
            pass


def _compared(condition: ir.Condition) -> Iterator[Steps]:
    """The paths that are compared with text."""
    for node in ir.walk(condition):
        match node:
            case ir.Compare(_, ir.Read(ir.EVENT, steps), ir.Constant(str())):
                yield steps
            case ir.Compare(_, ir.Constant(str()), ir.Read(ir.EVENT, steps)):
                yield steps
            case _:
                pass
