"""Findings on one trigger: never true, always true, or true for dropped events alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ....dsl.diagnostics.diagnostic import Diagnostic, Label
from ... import ir
from ..analyzed import Rule
from ..context import shown
from ..filter_chain import FilterChain
from ..over_unfiltered_event import takes_out
from ..solver.condition_to_formula import formula_of
from ..solver.formula import every, negation
from ..solver.solver import UNSATISFIABLE, Witness, satisfiable


def drop_findings(gate: FilterChain) -> Iterator[Diagnostic]:
    """RW0404 of every `drop when`."""
    for drop in gate.drops:
        if drop.filter is not None and drop.filter.condition is not None and gate.nothing_meets(drop.formula):
            message = "no event meets this, so nothing is ever dropped here"
            yield _never(drop.filter.condition, gate.filters[: gate.filters.index(drop.filter)], message)


def trigger_findings(rule: Rule, gate: FilterChain) -> Iterator[Diagnostic]:
    """RW0404, RW0405 and RW0406 of a mapping."""
    trigger = rule.mapping.trigger
    if trigger == ir.AnyOf(()):
        return
    if not rule.can_be_met:
        yield _never(trigger, gate.filters, f"no event meets this trigger, so {_name(rule)} never sends anything")
        return
    if rule.exact and gate.nothing_meets(negation(rule.formula)):
        yield Diagnostic(
            "RW0405",
            "every event meets this trigger",
            trigger.span,
            help=('write `when type = "track"`, or what it is that the mapping takes',),
        )
    if gate.drops and rule.exact and gate.nothing_reaches(rule.formula):
        yield _behind_filter(rule, gate)


def _never(condition: ir.Condition, before: tuple[ir.Filter, ...], message: str) -> Diagnostic:
    """With what filters take out of what it reads, else the two parts that exclude each other, where there are two."""
    taken = tuple(Label(one.span, "this is taken out before") for one in takes_out(condition, before))
    if taken:
        return Diagnostic("RW0404", message, condition.span, others=taken)
    parts = condition.conditions if isinstance(condition, ir.All) else ()
    for one, other in combinations(parts, 2):
        if satisfiable(every((formula_of(one), formula_of(other)))) == UNSATISFIABLE:
            others = (Label(one.span, "this, and"),)
            return Diagnostic("RW0404", message, other.span, "this cannot both be true", others)
    return Diagnostic("RW0404", message, condition.span)


def _behind_filter(rule: Rule, gate: FilterChain) -> Diagnostic:
    alone = [drop for drop in gate.drops if satisfiable(every((rule.formula, negation(drop.formula)))) == UNSATISFIABLE]
    droppers = alone[:1] or gate.drops
    others = tuple(Label(drop.filter.span, "dropped here") for drop in droppers if drop.filter is not None)
    fate, way_out = "is dropped before", "narrow the filter, or take the mapping out"
    if alone and alone[0].filter is None:
        fate, way_out = "opts out of the destination", "take the mapping out"
    met = gate.meeting(rule.formula, lambda event: rule.holds(event) and not gate.passes(event))
    return Diagnostic(
        "RW0406",
        f"every event that {_name(rule)} would take {fate}",
        rule.mapping.trigger.span,
        others=others,
        example=shown(met.event) if isinstance(met, Witness) else "",
        help=(way_out,),
    )


def _name(rule: Rule) -> str:
    return f'"{rule.mapping.name}"'
