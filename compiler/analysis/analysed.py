"""A program made ready for the proofs: each trigger as a formula, behind the filters that all events come through."""

from __future__ import annotations

from dataclasses import dataclass

from ...dsl.source import Span
from .. import program
from ..kept import Kept
from .condition_to_formula import formula_of
from .formula import ALWAYS, Formula, PathSteps, hull
from .gate import Gate
from .solver import UNSATISFIABLE, Answer, Unknown, apart
from .value_set import ValueSet
from .world import Compiled, World


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One mapping and what its trigger says."""

    mapping: program.Mapping
    formula: Formula
    hull: dict[PathSteps, ValueSet]
    holds: Compiled
    seen_whole: bool
    """False where a path of the trigger may be stripped before: then it reads another event than the one that came."""
    can_be_met: bool
    """False where it is proved that no event makes the trigger true."""


class Analysed:
    """The rules of a program, and the gate before them."""

    def __init__(self, checked: program.Program, world: World, kept: Kept | None = None) -> None:
        """With `kept`, what was analysed before of the same parts is taken from there."""
        self.kept = kept or Kept()
        self.gate = self.kept.of(Gate, world, *checked.filters)
        self.rules = tuple(self.kept.of(rule_of, mapping, self.gate) for mapping in checked.mappings)


def rule_of(mapping: program.Mapping, gate: Gate) -> Rule:
    """The rule that a mapping is behind a gate."""
    formula = formula_of(mapping.trigger)
    facts = {} if formula == ALWAYS else hull(formula)
    holds = Compiled(mapping.trigger, gate.world)
    return Rule(mapping, formula, facts, holds, gate.leaves(formula), not gate.nothing_meets(formula))


def both(one: Rule, other: Rule, gate: Gate) -> Answer:
    """An event that two mappings take."""
    if apart(one.hull, other.hull):
        return UNSATISFIABLE
    if not (one.seen_whole and other.seen_whole):
        return Unknown("a filter changes what their triggers read")
    return gate.reaching(one.formula, other.formula, confirm=(one.holds, other.holds))


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
