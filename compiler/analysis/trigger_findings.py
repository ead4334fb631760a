"""Findings on one trigger: never true, always true, or true for dropped events alone."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from ...dsl.diagnostics import Diagnostic, Label
from .. import program
from .analysed import Analysed, Rule
from .condition_to_formula import formula_of
from .formula import every, negation
from .solver import UNSATISFIABLE, Unsatisfiable, Witness, satisfiable
from .world import shown


def trigger_findings(analysed: Analysed) -> Iterator[Diagnostic]:
    """RW0404, RW0405 and RW0406 of every mapping, RW0404 of every filter."""
    for drop in analysed.drops:
        if analysed.meeting(drop.formula, drop.holds) == UNSATISFIABLE:
            yield _never(drop.holds.condition, "no event meets this, so nothing is ever dropped here")
    for rule in analysed.rules:
        if rule.mapping.trigger != program.AnyOf(()):
            yield from _of_trigger(rule, analysed)


def _of_trigger(rule: Rule, analysed: Analysed) -> Iterator[Diagnostic]:
    trigger = rule.mapping.trigger
    if analysed.meeting(rule.formula, rule.holds) == UNSATISFIABLE:
        yield _never(trigger, f"no event meets this trigger, so {_name(rule)} never sends anything")
        return
    outside = analysed.meeting(negation(rule.formula), lambda event: not rule.holds(event))
    if outside == UNSATISFIABLE:
        yield Diagnostic(
            "RW0405",
            "every event meets this trigger",
            trigger.span,
            help=('write `when type = "track"`, or what it is that the mapping takes',),
        )
    if (
        analysed.drops
        and rule.seen_whole
        and isinstance(analysed.reaching(rule.formula, confirm=(rule.holds,)), Unsatisfiable)
    ):
        yield _behind_filter(rule, analysed)


def _never(condition: program.Condition, message: str) -> Diagnostic:
    """With the two parts that exclude each other, where there are two."""
    parts = condition.conditions if isinstance(condition, program.All) else ()
    for one, other in combinations(parts, 2):
        if satisfiable(every((formula_of(one), formula_of(other)))) == UNSATISFIABLE:
            others = (Label(one.span, "this, and"),)
            return Diagnostic("RW0404", message, other.span, "this cannot both be true", others)
    return Diagnostic("RW0404", message, condition.span)


def _behind_filter(rule: Rule, analysed: Analysed) -> Diagnostic:
    alone = [
        drop for drop in analysed.drops if satisfiable(every((rule.formula, negation(drop.formula)))) == UNSATISFIABLE
    ]
    others = tuple(Label(drop.filter.span, "dropped here") for drop in alone[:1] or analysed.drops)
    met = analysed.meeting(rule.formula, lambda event: rule.holds(event) and not analysed.passes(event))
    return Diagnostic(
        "RW0406",
        f"every event that {_name(rule)} would take is dropped before",
        rule.mapping.trigger.span,
        others=others,
        example=shown(met.event) if isinstance(met, Witness) else "",
        help=("narrow the filter, or take the mapping out",),
    )


def _name(rule: Rule) -> str:
    return f'"{rule.mapping.name}"'
