"""Formulas: `and` and `or` over facts about single paths; what the solver cannot express is an opaque fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeAlias

from ....dsl.ast import Scalar
from ....frozen import dataclass
from ..sets.combination import balanced
from ..sets.values import ANY_VALUE, NO_VALUES, ValueSet

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
class And:
    """All of the parts are true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of the parts is true."""

    parts: tuple[Formula, ...]


Formula: TypeAlias = Truth | Fact | Opaque | And | Or

ALWAYS = Truth(True)
NEVER = Truth(False)


def fact(path: PathSteps, values: ValueSet) -> Formula:
    """The fact, or its truth where it needs no event."""
    if values == NO_VALUES:
        return NEVER
    return ALWAYS if values == ANY_VALUE else Fact(path, values)


def every(parts: Iterable[Formula]) -> Formula:
    """The conjunction; facts of one path become one fact."""
    sets: dict[PathSteps, list[ValueSet]] = {}
    others: dict[Formula, None] = {}
    for part in _flat(parts, And):
        if part == NEVER:
            return NEVER
        if isinstance(part, Fact):
            sets.setdefault(part.path, []).append(part.values)
        elif part != ALWAYS:
            others[part] = None
    facts = [fact(path, balanced(ValueSet.__and__, values)) for path, values in sets.items()]
    return _combined(facts, others, And, nothing=ALWAYS, everything=NEVER)


def some(parts: Iterable[Formula]) -> Formula:
    """The disjunction; facts of one path become one fact."""
    sets: dict[PathSteps, list[ValueSet]] = {}
    others: dict[Formula, None] = {}
    for part in _flat(parts, Or):
        if part == ALWAYS:
            return ALWAYS
        if isinstance(part, Fact):
            sets.setdefault(part.path, []).append(part.values)
        elif part != NEVER:
            others[part] = None
    facts = [fact(path, balanced(ValueSet.__or__, values)) for path, values in sets.items()]
    return _combined(facts, others, Or, nothing=NEVER, everything=ALWAYS)


def negation(formula: Formula) -> Formula:
    """True where the formula is not."""
    match formula:
        case Truth(value):
            return NEVER if value else ALWAYS
        case Fact(path, values):
            return fact(path, ~values)
        case Opaque(text, paths, literals, negated):
            return Opaque(text, paths, literals, not negated)
        case And(parts):
            return some(negation(part) for part in parts)
        case Or(parts):
            return every(negation(part) for part in parts)


def paths_of(formula: Formula) -> frozenset[PathSteps]:
    """Every path that the formula reads."""
    match formula:
        case Truth():
            return frozenset()
        case Fact(path):
            return frozenset((path,))
        case Opaque(_, paths):
            return frozenset(paths)
        case And(parts) | Or(parts):
            return frozenset[PathSteps]().union(*(paths_of(part) for part in parts))


def hull(formula: Formula) -> dict[PathSteps, ValueSet]:
    """For some paths, values beyond which the formula is never true: quick to compare, and never too few."""
    match formula:
        case Fact(path, values):
            return {path: values}
        case And(parts):
            sets: dict[PathSteps, ValueSet] = {}
            for part in parts:
                for path, values in hull(part).items():
                    sets[path] = sets[path] & values if path in sets else values
            return sets
        case Or(parts):
            return balanced(_either, [hull(part) for part in parts])
        case _:
            return {}


def _either(left: dict[PathSteps, ValueSet], right: dict[PathSteps, ValueSet]) -> dict[PathSteps, ValueSet]:
    return {path: left[path] | right[path] for path in left.keys() & right.keys()}


def _flat(parts: Iterable[Formula], kind: type[And | Or]) -> Iterator[Formula]:
    for part in parts:
        if isinstance(part, kind):
            yield from part.parts
        else:
            yield part


def _combined(
    facts: list[Formula],
    others: dict[Formula, None],
    kind: type[And | Or],
    *,
    nothing: Truth,
    everything: Truth,
) -> Formula:
    if everything in facts:
        return everything
    parts = [part for part in facts if part != nothing] + list(others)
    if not parts:
        return nothing
    return parts[0] if len(parts) == 1 else kind(tuple(parts))
