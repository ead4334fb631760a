"""Finds a small event on which a rule and Segment differ, or proves that there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice, product
from typing import TypeAlias

from ...checks.analysis_context import analysis_context
from ...compiler import ir
from ...compiler.analysis.budget import TooMuchWork
from ...compiler.analysis.sets.values import exactly
from ...compiler.analysis.solver.condition_to_formula import formula_of
from ...compiler.analysis.solver.formula import paths_of
from ...compiler.analysis.solver.model_builder import event_with
from ...compiler.analysis.solver.solver import UNSATISFIABLE, Satisfiability, Witness, equivalent, no_examples
from ...runtime.semantics.event import Event

EventTest: TypeAlias = Callable[[Event], bool]
"""Whether a side takes an event."""

_VALUES = ("x", True, 1, "", None)
"""Values that are tried at each path where the solver gives up, in so many events."""
_MOST_GUESSES = 2_000
_TYPES = ("track", "page", "screen", "identify", "group", "alias")
_USUAL = {"type": "track"}
"""Preferred if it distinguishes the two, because readers know it."""


@dataclass(frozen=True, slots=True)
class Sides:
    """A rule and Segment: the condition that each applies, and what each does with an event."""

    rule: ir.Condition
    segment: ir.Condition
    runs: EventTest
    sends: EventTest

    def differ(self, event: Event) -> bool:
        """Whether only one side takes the event."""
        return self.runs(event) is not self.sends(event)


def find_difference(sides: Sides) -> Satisfiability:
    """A small event that only one side takes, confirmed by running both; or the proof that none exists; or unknown."""
    if sides.differ(_USUAL):
        return Witness(_USUAL)
    answer = equivalent(formula_of(sides.rule), formula_of(sides.segment), sides.differ, analysis_context().examples)
    if answer == UNSATISFIABLE:
        return answer
    evidence = answer.event if isinstance(answer, Witness) else next(filter(sides.differ, _guesses(sides)), None)
    if evidence is None:
        return answer
    event = _smallest(evidence, sides.differ)
    natural = {**_USUAL, **{key: value for key, value in event.items() if key != "type"}}
    return Witness(natural if sides.differ(natural) else event)


def _guesses(sides: Sides) -> Iterator[Event]:
    """Events with usual values at the paths that the two sides read, for a question that is beyond the solver."""
    paths = sorted(paths_of(formula_of(sides.rule)) | paths_of(formula_of(sides.segment)))
    for values in islice(product(_VALUES, repeat=len(paths)), _MOST_GUESSES):
        wanted = {path: exactly(value) for path, value in zip(paths, values, strict=True)}
        with suppress(TooMuchWork):
            event = event_with(wanted, no_examples)
            if event is not None:
                yield event


def _smallest(event: Event, differ: EventTest) -> Event:
    """The event without the keys that make no difference; the type stays, for every event has one."""
    for smaller in _with_a_key_less(event):
        if differ(smaller):
            return _smallest(smaller, differ)
    return event


def _with_a_key_less(value: Event, depth: int = 0) -> Iterator[Event]:
    for key, inner in value.items():
        rest = {name: kept for name, kept in value.items() if name != key}
        if depth or key != "type" or inner not in _TYPES:
            yield rest
        if isinstance(inner, dict):
            yield from ({**value, key: smaller} for smaller in _with_a_key_less(inner, depth + 1))
