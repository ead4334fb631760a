"""A program made ready for the proofs: each trigger as a formula, and which events reach the mappings at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ...dsl.ast import Step
from ...dsl.source import Span
from .. import program
from .condition_to_formula import formula_of
from .event_tree import Event
from .formula import ALWAYS, Formula, PathSteps, every, hull, negation, paths_of
from .solver import UNSATISFIABLE, Answer, Unknown, apart, satisfiable
from .value_set import ValueSet
from .world import Compiled, World


@dataclass(frozen=True, slots=True)
class Rule:
    """One mapping and what its trigger says."""

    mapping: program.Mapping
    formula: Formula
    hull: dict[PathSteps, ValueSet]
    holds: Compiled
    seen_whole: bool
    """False where a path of the trigger may be stripped before: then it reads another event than the one that came."""


@dataclass(frozen=True, slots=True)
class Drop:
    """One `drop when`."""

    filter: program.Filter
    formula: Formula
    holds: Compiled


class Analysed:
    """The rules of a program, its filters, and the world in which both are judged."""

    def __init__(self, checked: program.Program, world: World) -> None:
        self.world = world
        self.filters = checked.filters
        stripped = [_touched(path, one.kind) for one in checked.filters for path in one.paths]
        self.drops = tuple(
            Drop(one, formula_of(one.condition), Compiled(one.condition, world))
            for one in checked.filters
            if one.kind == "drop" and one.condition is not None
        )
        self.passing: Formula = every(negation(drop.formula) for drop in self.drops)
        """True for the events that no filter drops."""
        self.rules = tuple(_rule(mapping, stripped, world) for mapping in checked.mappings)
        self.undecided: list[str] = []
        """What could not be decided, a sentence each."""

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

    def meeting(self, formula: Formula, confirm: Callable[[Event], bool]) -> Answer:
        """An event for which the formula is true, dropped or not."""
        return satisfiable(formula, confirm, self.world.examples)

    def both(self, one: Rule, other: Rule) -> Answer:
        """An event that two mappings take."""
        if apart(one.hull, other.hull):
            return UNSATISFIABLE
        if not (one.seen_whole and other.seen_whole):
            return Unknown("a filter changes what their triggers read")
        return self.reaching(one.formula, other.formula, confirm=(one.holds, other.holds))


def _rule(mapping: program.Mapping, stripped: list[PathSteps], world: World) -> Rule:
    formula = formula_of(mapping.trigger)
    whole = not any(_related(path, gone) for path in paths_of(formula) for gone in stripped)
    return Rule(mapping, formula, {} if formula == ALWAYS else hull(formula), Compiled(mapping.trigger, world), whole)


def _touched(path: tuple[Step, ...], kind: str) -> PathSteps:
    """What a filter may change: the path that it strips, or the object of which it keeps some keys."""
    steps = tuple(map(str, path))
    return steps[:-1] if kind == "keep" else steps


def _related(one: PathSteps, other: PathSteps) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def written_span(field: program.FieldValue, rule: Rule) -> Span:
    """Where the author wrote a field; for one of the defaults, the head of the mapping."""
    whole = rule.mapping.span
    if field.span.source is whole.source:
        return field.span
    return head_span(rule)


def head_span(rule: Rule) -> Span:
    """The first line of a mapping."""
    whole = rule.mapping.span
    return whole.within(0, len(whole.text.partition("{")[0].rstrip()))
