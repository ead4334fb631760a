"""What stands before every mapping: the filters, and with them which events reach a mapping at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...dsl.ast import Step
from .. import program
from .condition_to_formula import formula_of
from .event_tree import Event
from .formula import Formula, PathSteps, every, negation, paths_of
from .solver import UNSATISFIABLE, Answer, satisfiable
from .world import Compiled, World


@dataclass(frozen=True, slots=True)
class Drop:
    """One `drop when`."""

    filter: program.Filter
    formula: Formula
    holds: Compiled


class Gate:
    """The filters of a program, and the world in which rules are judged."""

    def __init__(self, world: World, *filters: program.Filter) -> None:
        self.world = world
        self.filters = filters
        self._touched = [_touched(path, one.kind) for one in filters for path in one.paths]
        self.drops = tuple(
            Drop(one, formula_of(one.condition), Compiled(one.condition, world))
            for one in filters
            if one.kind == "drop" and one.condition is not None
        )
        self.passing: Formula = every(negation(drop.formula) for drop in self.drops)
        """True for the events that no filter drops."""

    def leaves(self, formula: Formula) -> bool:
        """Whether no filter changes what the formula speaks of."""
        return not any(_related(path, gone) for path in paths_of(formula) for gone in self._touched)

    def passes(self, event: Event) -> bool:
        """Whether no filter drops the event, by what was compiled."""
        return not any(drop.holds(event) for drop in self.drops)

    def reaching(self, *parts: Formula, confirm: Iterable[Callable[[Event], bool]]) -> Answer:
        """An event that no filter drops and for which all parts are true, confirmed by running."""
        checks = tuple(confirm)
        return satisfiable(
            every((*parts, self.passing)),
            lambda event: self.passes(event) and all(check(event) for check in checks),
            self.world.examples,
        )

    def nothing_reaches(self, *parts: Formula) -> bool:
        """Whether it is proved that no event which all filters let pass makes all parts true.

        The proof needs no event that is run: one that came out otherwise would only leave it open.
        """
        return self.nothing_meets(every((*parts, self.passing)))

    def nothing_meets(self, formula: Formula) -> bool:
        """Whether it is proved that no event makes the formula true, dropped or not."""
        return satisfiable(formula, examples=self.world.examples) == UNSATISFIABLE

    def meeting(self, formula: Formula, confirm: Callable[[Event], bool]) -> Answer:
        """An event for which the formula is true, dropped or not."""
        return satisfiable(formula, confirm, self.world.examples)


def _touched(path: tuple[Step, ...], kind: str) -> PathSteps:
    """What a filter may change: the path that it strips, or the object of which it keeps some keys."""
    steps = tuple(map(str, path))
    return steps[:-1] if kind == "keep" else steps


def _related(one: PathSteps, other: PathSteps) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]
