"""The solver: an event for which a formula is true, a proof that there is none, or an honest "unknown"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeAlias

from ..sets.combination import TooMuchWork
from ..sets.values import ABSENT, ANY_VALUE, ValueSet, only
from .formula import (
    Every,
    Fact,
    Formula,
    Opaque,
    PathSteps,
    Some,
    Truth,
    every,
    hull,
    negation,
)
from .model_builder import Event, Examples, event_with

MOST_BRANCHES = 2_000
"""Choices between alternatives in one question."""
MOST_GUESSES = 300
"""Events that are made up and run for one question."""

Confirm: TypeAlias = Callable[[Event], bool]
"""Runs what was compiled on an event."""


@dataclass(frozen=True, slots=True)
class Witness:
    """There is such an event: this one."""

    event: Event


@dataclass(frozen=True, slots=True)
class Unsatisfiable:
    """It was proved that there is no such event."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Neither an event nor a proof was found."""

    reason: str


Answer: TypeAlias = Witness | Unsatisfiable | Unknown
UNSATISFIABLE = Unsatisfiable()


def no_examples(_: PathSteps) -> tuple[Any, ...]:
    """Nothing is known of the values that paths have."""
    return ()


def satisfiable(formula: Formula, confirm: Confirm | None = None, examples: Examples = no_examples) -> Answer:
    """Whether some event makes the formula true.

    Without `confirm` an answer is never a witness where the formula has an opaque fact. With it, every witness was
    confirmed.
    """
    search = _Search(confirm, examples)
    try:
        event = search.run(formula)
    except TooMuchWork as limit:
        return Unknown(str(limit))
    if event is not None:
        return Witness(event)
    return Unknown(search.doubt) if search.doubt else UNSATISFIABLE


def overlap(one: Formula, other: Formula, confirm: Confirm | None = None, examples: Examples = no_examples) -> Answer:
    """Whether some event makes both true."""
    if apart(hull(one), hull(other)):
        return UNSATISFIABLE
    return satisfiable(every((one, other)), confirm, examples)


def implies(one: Formula, other: Formula, confirm: Confirm | None = None, examples: Examples = no_examples) -> Answer:
    """An event that makes `one` true and not `other`; unsatisfiable when `one` implies `other`."""
    return satisfiable(every((one, negation(other))), confirm, examples)


def equivalent(
    one: Formula, other: Formula, confirm: Confirm | None = None, examples: Examples = no_examples
) -> Answer:
    """An event that tells the two apart; unsatisfiable when they are true for the same events."""
    for first, second in ((one, other), (other, one)):
        answer = implies(first, second, confirm, examples)
        if answer != UNSATISFIABLE:
            return answer
    return UNSATISFIABLE


def apart(one: dict[PathSteps, ValueSet], other: dict[PathSteps, ValueSet]) -> bool:
    """Whether two hulls share no event, as far as one path can tell."""
    try:
        return any((one[path] & other[path]).is_empty() for path in one.keys() & other.keys())
    except TooMuchWork:
        return False


@dataclass(slots=True)
class _Search:
    """One question: a walk through the alternatives, each dropped as soon as a path has no value left."""

    confirm: Confirm | None
    examples: Examples
    branches: int = 0
    guesses: int = 0
    doubt: str = ""
    """Why the absence of an event would be no proof."""

    def run(self, formula: Formula) -> Event | None:
        return self._walk({}, {}, [formula])

    def _walk(self, sets: dict[PathSteps, ValueSet], opaque: dict[str, Opaque], pending: list[Formula]) -> Event | None:
        """An event for which all of it is true; the first two are changed, and belong to this call."""
        alternatives: list[Some] = []
        while pending:
            part = pending.pop()
            match part:
                case Truth(value):
                    if not value:
                        return None
                case Every(parts):
                    pending.extend(reversed(parts))
                case Some():
                    alternatives.append(part)
                case Fact(path, values):
                    known = sets.get(path, ANY_VALUE)
                    both = known & values
                    if both != known:
                        if both.is_empty():
                            return None
                        sets[path] = both
                case Opaque():
                    if opaque.setdefault(part.text, part) != part:
                        return None
            if not pending and alternatives:
                alternatives, decided = self._narrowed(alternatives, sets, opaque)
                if decided is None:
                    return None
                pending = decided
        if not alternatives:
            return self._event(sets, opaque)
        chosen = min(alternatives, key=lambda some: len(some.parts))
        others = [some for some in alternatives if some is not chosen]
        for part in chosen.parts:
            self.branches += 1
            if self.branches > MOST_BRANCHES:
                raise TooMuchWork("the triggers have too many alternatives")
            event = self._walk(dict(sets), dict(opaque), [*others, part])
            if event is not None:
                return event
        return None

    def _narrowed(
        self, alternatives: list[Some], sets: dict[PathSteps, ValueSet], opaque: dict[str, Opaque]
    ) -> tuple[list[Some], list[Formula] | None]:
        """The alternatives without what has become impossible; what is left alone is decided. None: nothing is left."""
        kept: list[Some] = []
        decided: list[Formula] = []
        for some in alternatives:
            if any(_settled(part, sets) for part in some.parts):
                continue
            live = [part for part in some.parts if self._possible(part, sets, opaque)]
            if not live:
                return kept, None
            if len(live) == 1:
                decided.append(live[0])
            else:
                kept.append(some if len(live) == len(some.parts) else Some(tuple(live)))
        return kept, decided

    def _possible(self, part: Formula, sets: dict[PathSteps, ValueSet], opaque: dict[str, Opaque]) -> bool:
        if isinstance(part, Opaque):
            return opaque.get(part.text, part) == part
        if isinstance(part, Every):
            return all(self._possible(inner, sets, opaque) for inner in part.parts)
        if isinstance(part, Fact) and part.path in sets:
            return not (sets[part.path] & part.values).is_empty()
        return True

    def _event(self, sets: dict[PathSteps, ValueSet], opaque: dict[str, Opaque]) -> Event | None:
        """An event with these values, run where it can be."""
        event = event_with(sets, self.examples)
        if event is None:
            return None
        if self.confirm is None:
            if opaque:
                self.doubt = "the triggers compare what only an event can tell"
                return None
            return event
        for guess in self._guesses(event, sets, opaque):
            if self.confirm(guess):
                return guess
        self.doubt = "the triggers compare what only an event can tell"
        return None

    def _guesses(self, event: Event, sets: dict[PathSteps, ValueSet], opaque: dict[str, Opaque]) -> Iterator[Event]:
        """The event itself; then, where facts are opaque, the same with other values at the paths that they read."""
        yield event
        paths = tuple(dict.fromkeys(path for fact in opaque.values() for path in fact.paths))
        literals = [literal for fact in opaque.values() for literal in fact.literals]
        known = [sets[path].pick() for path in paths if path in sets]
        numbers = [str(number) for number in literals if isinstance(number, int | float)]
        pool = [*known, *literals, *numbers, *_USUAL]
        choices = [
            [
                value
                for value in (*self.examples(path), *pool)
                if _is_scalar(value) and value in sets.get(path, ANY_VALUE)
            ]
            for path in paths
        ]
        for values in product(*choices):
            self.guesses += 1
            if self.guesses > MOST_GUESSES:
                raise TooMuchWork("the triggers compare what only an event can tell")
            fixed = {path: only(value) for path, value in zip(paths, values, strict=True)}
            guess = event_with({**sets, **fixed}, self.examples)
            if guess is not None:
                yield guess


def _settled(part: Formula, sets: dict[PathSteps, ValueSet]) -> bool:
    """Whether a fact follows from what is known of its path."""
    return isinstance(part, Fact) and part.path in sets and sets[part.path] & part.values == sets[part.path]


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, list | dict)


_USUAL: tuple[Any, ...] = ("a", 1, True, "", 0, ABSENT, None, False, "1", "true", 2, "A")
