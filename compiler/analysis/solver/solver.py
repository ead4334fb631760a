"""The solver: finds an event for which a formula is true, or proves that there is none, or answers "unknown"."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any, NamedTuple, TypeAlias

from ....runtime.semantics.event import Event
from ....runtime.semantics.missing import MISSING
from ..budget import QUESTION_STEPS, TooMuchWork, budget_of, spend
from ..sets.values import ANY_VALUE, ValueSet, only
from .formula import (
    And,
    Fact,
    Formula,
    Opaque,
    Or,
    PathSteps,
    Truth,
    every,
    negation,
)
from .model_builder import Examples, event_with

MOST_GUESSES = 300
"""The most events that are made up and run for one question."""
_STEPS_OF_A_GUESS = 20
_SIZE_OF_A_STEP = 8
"""So much of a set is looked at in one step."""
_LISTED_IN_A_STEP = 64
"""So many alternatives or paths are passed by in one step."""

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


Satisfiability: TypeAlias = Witness | Unsatisfiable | Unknown
UNSATISFIABLE = Unsatisfiable()
SPENT = Unknown("the work budget of this command is spent")
"""The answer to every question after the budget of a command is spent."""
ONLY_AN_EVENT_CAN_TELL = Unknown("the triggers compare values that only an event can tell")


def no_examples(_: PathSteps) -> tuple[Any, ...]:
    """Nothing is known of the values that paths have."""
    return ()


def satisfiable(formula: Formula, confirm: Confirm | None = None, examples: Examples = no_examples) -> Satisfiability:
    """Whether some event makes the formula true: a witness, `UNSATISFIABLE`, or `Unknown` with the reason.

    `confirm` evaluates a candidate event, and every witness has passed it. Without it, a formula with an opaque fact
    has no witness. `examples` gives usual values of a path. The work is limited to `QUESTION_STEPS`.
    """
    search = _Search(confirm, examples)
    try:
        with budget_of(QUESTION_STEPS):
            event = search.run(formula)
    except TooMuchWork as limit:
        return Unknown(str(limit))
    if event is not None:
        return Witness(event)
    return Unknown(search.doubt) if search.doubt else UNSATISFIABLE


def implies(
    premise: Formula, conclusion: Formula, confirm: Confirm | None = None, examples: Examples = no_examples
) -> Satisfiability:
    """An event for which the premise holds and the conclusion does not; `UNSATISFIABLE` if the premise implies it.

    `Unknown` if neither was shown.
    """
    return satisfiable(every((premise, negation(conclusion))), confirm, examples)


def equivalent(
    left: Formula, right: Formula, confirm: Confirm | None = None, examples: Examples = no_examples
) -> Satisfiability:
    """An event for which only one of the two holds; `UNSATISFIABLE` if they hold for the same events.

    `Unknown` if neither was shown.
    """
    for first, second in ((left, right), (right, left)):
        answer = implies(first, second, confirm, examples)
        if answer != UNSATISFIABLE:
            return answer
    return UNSATISFIABLE


def are_disjoint(left: dict[PathSteps, ValueSet], right: dict[PathSteps, ValueSet]) -> bool:
    """Whether the values of a single path prove that two hulls share no event; False if that takes too much work."""
    try:
        return any(_both(left[path], right[path]).is_empty() for path in left.keys() & right.keys())
    except TooMuchWork:
        return False


@dataclass(slots=True)
class _Branch:
    """What is assumed on one way through the alternatives, and what is still to be looked at."""

    sets: dict[PathSteps, ValueSet]
    opaque: dict[str, Opaque]
    alternatives: list[_Alternatives]
    pending: list[Formula]


class _Alternatives(NamedTuple):
    """Formulas; at least one of them has to be true."""

    parts: tuple[Formula, ...]
    subjects: frozenset[_Subject]


_Subject: TypeAlias = PathSteps | str
"""What a fact is of: a path, or the text of an opaque fact."""


@dataclass(slots=True)
class _Search:
    """One question: a walk through the alternatives, each dropped as soon as a path has no value left."""

    confirm: Confirm | None
    examples: Examples
    guesses: int = 0
    doubt: str = ""
    """Why the absence of an event would be no proof."""

    def run(self, formula: Formula) -> Event | None:
        """An event for which the formula is true, None where none was found. Raises TooMuchWork."""
        ways: list[Iterator[_Branch]] = [iter((_Branch({}, {}, [], [formula]),))]
        while ways:
            branch = next(ways[-1], None)
            if branch is None:
                ways.pop()
            elif self._is_possible(branch):
                if branch.alternatives:
                    ways.append(_ways_on(branch))
                elif (event := self._event(branch.sets, branch.opaque)) is not None:
                    return event
        return None

    def _is_possible(self, branch: _Branch) -> bool:
        """Takes in what is pending, and all that follows from it; False where a path has no value left."""
        sets, opaque = branch.sets, branch.opaque
        while branch.pending:
            changed: set[_Subject] = set()
            fresh: list[_Alternatives] = []
            while branch.pending:
                part = branch.pending.pop()
                spend()
                match part:
                    case Truth(value):
                        if not value:
                            return False
                    case And(parts):
                        branch.pending.extend(reversed(parts))
                    case Or(parts):
                        fresh.append(_Alternatives(parts, _subjects(part)))
                    case Fact(path, values):
                        known = sets.get(path, ANY_VALUE)
                        values_left = _both(known, values)
                        if values_left != known:
                            if values_left.is_empty():
                                return False
                            sets[path] = values_left
                            changed.add(path)
                    case Opaque():
                        if opaque.setdefault(part.text, part) != part:
                            return False
                        changed.add(part.text)
            if not self._narrow(branch, fresh, changed):
                return False
        return True

    def _narrow(self, branch: _Branch, fresh: list[_Alternatives], changed: set[_Subject]) -> bool:
        """Takes what has become impossible out of the alternatives; what is left alone is pending.

        False where nothing is left of one.
        """
        spend(len(branch.alternatives) // _LISTED_IN_A_STEP)
        kept: list[_Alternatives] = []
        for alternatives in branch.alternatives:
            if changed.isdisjoint(alternatives.subjects):
                kept.append(alternatives)
            else:
                fresh.append(alternatives)
        for alternatives in fresh:
            spend()
            if any(_settled(part, branch.sets) for part in alternatives.parts):
                continue
            live = tuple(part for part in alternatives.parts if _possible(part, branch))
            if not live:
                return False
            if len(live) == 1:
                branch.pending.append(live[0])
            else:
                kept.append(alternatives if len(live) == len(alternatives.parts) else alternatives._replace(parts=live))
        branch.alternatives = kept
        return True

    def _event(self, sets: dict[PathSteps, ValueSet], opaque: dict[str, Opaque]) -> Event | None:
        """An event with these values, run where it can be."""
        event = event_with(sets, self.examples)
        if event is None:
            return None
        if self.confirm is None:
            if opaque:
                self.doubt = ONLY_AN_EVENT_CAN_TELL.reason
                return None
            return event
        for guess in self._guesses(event, sets, opaque):
            if self.confirm(guess):
                return guess
        self.doubt = ONLY_AN_EVENT_CAN_TELL.reason
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
                raise TooMuchWork(ONLY_AN_EVENT_CAN_TELL.reason)
            fixed = {path: only(value) for path, value in zip(paths, values, strict=True)}
            spend(_STEPS_OF_A_GUESS)
            guess = event_with({**sets, **fixed}, self.examples)
            if guess is not None:
                yield guess


def _ways_on(branch: _Branch) -> Iterator[_Branch]:
    """The branch with each of the alternatives that are fewest."""
    spend(len(branch.alternatives) // _LISTED_IN_A_STEP)
    chosen = min(branch.alternatives, key=lambda alternatives: len(alternatives.parts))
    others = [alternatives for alternatives in branch.alternatives if alternatives is not chosen]
    for part in chosen.parts:
        spend(1 + (len(branch.sets) + len(others)) // _LISTED_IN_A_STEP)
        yield _Branch(dict(branch.sets), dict(branch.opaque), others, [part])


def _subjects(formula: Formula) -> frozenset[_Subject]:
    match formula:
        case Fact(path):
            return frozenset((path,))
        case Opaque(text):
            return frozenset((text,))
        case And(parts) | Or(parts):
            spend(len(parts))
            return frozenset[_Subject]().union(*map(_subjects, parts))
        case Truth():
            return frozenset()


def _both(left: ValueSet, right: ValueSet) -> ValueSet:
    spend(1 + (left.size() + right.size()) // _SIZE_OF_A_STEP)
    return left & right


def _settled(part: Formula, sets: dict[PathSteps, ValueSet]) -> bool:
    """Whether a fact follows from the known values of its path."""
    return isinstance(part, Fact) and part.path in sets and _both(sets[part.path], part.values) == sets[part.path]


def _possible(part: Formula, branch: _Branch) -> bool:
    """Whether a formula may still be true, judged path by path."""
    spend()
    if isinstance(part, Opaque):
        return branch.opaque.get(part.text, part) == part
    if isinstance(part, And):
        return all(_possible(inner, branch) for inner in part.parts)
    if isinstance(part, Fact) and part.path in branch.sets:
        return not _both(branch.sets[part.path], part.values).is_empty()
    return True


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, list | dict)


_USUAL: tuple[Any, ...] = ("a", 1, True, "", 0, MISSING, None, False, "1", "true", 2, "A")
