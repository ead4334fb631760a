"""Finds the paths at which all readers expect the same, so that a view is sure of it and no reader has to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from ...dsl.ast import Step
from .. import ir
from .mapping_plan import Leaf, Part, Put, flat
from .read_planner import reads_of

Path: TypeAlias = tuple[Step, ...]


def find_leaves(conditions: Sequence[ir.Condition], plans: Iterable[Sequence[Part]]) -> Mapping[Path, Leaf]:
    """The paths that are only read into fields of text or compared with text, and those only copied as objects.

    An event with anything else there is odd, though it may have its meaning.
    """
    all_reads: Counter[Path] = Counter()
    expecting: Counter[tuple[Path, Leaf]] = Counter()
    for condition in conditions:
        all_reads.update(_paths(condition))
        expecting.update((path, "string") for path in _compared(condition))
    for parts in plans:
        for put in flat(parts):
            if not isinstance(put, Put):
                continue
            all_reads.update(_paths(put.value))
            if (leaf := _leaf_of(put)) is not None:
                expecting.update((path, leaf) for path in _copied(put.value))
    return {path: leaf for (path, leaf), count in expecting.items() if count == all_reads[path]}


def _paths(value: ir.Value) -> Iterator[Path]:
    return (steps for steps, _ in reads_of([(value, True)], ir.EVENT))


def _leaf_of(put: Put) -> Leaf | None:
    facts = put.places[0].facts
    if facts is None or facts.multiple or facts.fields:
        return None
    if facts.type == "string":
        return "string"
    return "object" if facts.type == "object" else None


def _copied(value: ir.Value) -> Iterator[Path]:
    """The paths whose own value a value is."""
    match value:
        case ir.Read(ir.EVENT, steps):
            yield steps
        case ir.Coalesce(values):
            for one in values:
                yield from _copied(one)
        case _:
            pass


def _compared(condition: ir.Condition) -> Iterator[Path]:
    """The paths that are compared with text."""
    for node in ir.walk(condition):
        match node:
            case ir.Compare(_, ir.Read(ir.EVENT, steps), ir.Constant(str())):
                yield steps
            case ir.Compare(_, ir.Constant(str()), ir.Read(ir.EVENT, steps)):
                yield steps
            case _:
                pass
