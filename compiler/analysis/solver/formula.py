"""What a trigger says, as and, or over facts of single paths; what is beyond the solver stays an opaque fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from ..sets.values import ANY_VALUE, NO_VALUES, Scalar, ValueSet

PathSteps: TypeAlias = tuple[str, ...]
"""A path of the event; an index of a list is written as its digits, which is how Segment reads it."""


@dataclass(frozen=True, slots=True)
class Truth:
    """Always true, or never."""

    value: bool


@dataclass(frozen=True, slots=True)
class Fact:
    """The value of a path is one of a set."""

    path: PathSteps
    values: ValueSet


@dataclass(frozen=True, slots=True)
class Opaque:
    """A fact that only running it can decide. Two with the same text are true together."""

    text: str
    paths: tuple[PathSteps, ...]
    """The paths that it reads."""
    literals: tuple[Scalar, ...]
    """The constants in it, from which an event may be guessed."""
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts are true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one of the parts is true."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Truth | Fact | Opaque | Every | Some

ALWAYS = Truth(True)
NEVER = Truth(False)


def fact(path: PathSteps, values: ValueSet) -> Formula:
    """The fact, or its truth where it needs no event."""
    if values == NO_VALUES:
        return NEVER
    return ALWAYS if values == ANY_VALUE else Fact(path, values)


def every(parts: Iterable[Formula]) -> Formula:
    """The conjunction; facts of one path become one fact."""
    sets: dict[PathSteps, ValueSet] = {}
    others: dict[Formula, None] = {}
    for part in _flat(parts, Every):
        if part == NEVER:
            return NEVER
        if isinstance(part, Fact):
            sets[part.path] = sets.get(part.path, ANY_VALUE) & part.values
        elif part != ALWAYS:
            others[part] = None
    return _combined(sets, others, Every, nothing=ALWAYS, everything=NEVER)


def some(parts: Iterable[Formula]) -> Formula:
    """The disjunction; facts of one path become one fact."""
    sets: dict[PathSteps, ValueSet] = {}
    others: dict[Formula, None] = {}
    for part in _flat(parts, Some):
        if part == ALWAYS:
            return ALWAYS
        if isinstance(part, Fact):
            sets[part.path] = sets.get(part.path, NO_VALUES) | part.values
        elif part != NEVER:
            others[part] = None
    return _combined(sets, others, Some, nothing=NEVER, everything=ALWAYS)


def negation(formula: Formula) -> Formula:
    """True where the formula is not."""
    match formula:
        case Truth(value):
            return NEVER if value else ALWAYS
        case Fact(path, values):
            return fact(path, ~values)
        case Opaque(text, paths, literals, negated):
            return Opaque(text, paths, literals, not negated)
        case Every(parts):
            return some(negation(part) for part in parts)
        case Some(parts):
            return every(negation(part) for part in parts)


def paths_of(formula: Formula) -> frozenset[PathSteps]:
    """Every path that the formula speaks of."""
    match formula:
        case Truth():
            return frozenset()
        case Fact(path):
            return frozenset((path,))
        case Opaque(_, paths):
            return frozenset(paths)
        case Every(parts) | Some(parts):
            return frozenset[PathSteps]().union(*(paths_of(part) for part in parts))


def hull(formula: Formula) -> dict[PathSteps, ValueSet]:
    """For some paths, values beyond which the formula is never true: quick to compare, and never too few."""
    match formula:
        case Fact(path, values):
            return {path: values}
        case Every(parts):
            found: dict[PathSteps, ValueSet] = {}
            for part in parts:
                for path, values in hull(part).items():
                    found[path] = found[path] & values if path in found else values
            return found
        case Some(parts):
            return reduce(
                lambda one, other: {path: one[path] | other[path] for path in one.keys() & other.keys()},
                (hull(part) for part in parts),
            )
        case _:
            return {}


def _flat(parts: Iterable[Formula], kind: type[Every | Some]) -> Iterator[Formula]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part


def _combined(
    sets: dict[PathSteps, ValueSet],
    others: dict[Formula, None],
    kind: type[Every | Some],
    *,
    nothing: Truth,
    everything: Truth,
) -> Formula:
    facts = [fact(path, values) for path, values in sets.items()]
    if everything in facts:
        return everything
    parts = [part for part in facts if part != nothing] + list(others)
    if not parts:
        return nothing
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
