"""Finds the paths at which all readers expect text, so that a view can be sure of it and its readers need not look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from ...dsl.ast import Step
from .. import program
from ..plan import Part, Put, Within
from ..reads import reads_of

Path = tuple[Step, ...]


def find_strings(conditions: Sequence[program.Condition], plans: Iterable[Sequence[Part]]) -> frozenset[Path]:
    """The paths that are only read into fields of text or compared with text; an event with anything else is odd."""
    all_reads: Counter[Path] = Counter()
    expecting_text: Counter[Path] = Counter()
    for condition in conditions:
        all_reads.update(_paths(condition))
        expecting_text.update(_compared(condition))
    for parts in plans:
        for put in _puts(parts):
            all_reads.update(_paths(put.value))
            if _takes_text(put):
                expecting_text.update(_copied(put.value))
    return frozenset(path for path, count in expecting_text.items() if count == all_reads[path])


def _paths(value: program.Value) -> Iterator[Path]:
    return (steps for steps, _ in reads_of([(value, True)], program.EVENT))


def _puts(parts: Iterable[Part]) -> Iterator[Put]:
    for part in parts:
        match part:
            case Put():
                yield part
            case Within(_, inner):
                yield from _puts(inner)
            case _:
                pass


def _takes_text(put: Put) -> bool:
    facts = put.places[0].facts
    return facts is not None and facts.type == "string" and not facts.multiple


def _copied(value: program.Value) -> Iterator[Path]:
    """The paths whose own value a value is."""
    match value:
        case program.Read(program.EVENT, steps):
            yield steps
        case program.Coalesce(values):
            for one in values:
                yield from _copied(one)
        case _:
            pass


def _compared(condition: program.Condition) -> Iterator[Path]:
    """The paths that are compared with text."""
    for node in program.walk(condition):
        match node:
            case program.Compare(_, program.Read(program.EVENT, steps), program.Constant(str())):
                yield steps
            case program.Compare(_, program.Constant(str()), program.Read(program.EVENT, steps)):
                yield steps
            case _:
                pass
