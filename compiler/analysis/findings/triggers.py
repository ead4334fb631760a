"""Findings on one trigger: never true, always true, or true only for dropped events."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic, Label
from ... import ir
from ..analyzed import Rule
from ..context import AnalysisContext, shown
from ..filter_chain import FilterChain
from ..filter_rewriting import takes_out
from ..solver.condition_to_formula import formula_of
from ..solver.formula import Formula, every, negation
from ..solver.solver import UNSATISFIABLE, Satisfiability, Unknown, Witness, satisfiable
from .never_true_help import never_true_help
from .undecided import TAKEN_OUT, open_question


def drop_findings(chain: FilterChain) -> Iterator[Diagnostic]:
    """RW0404 of every `drop when`."""
    for drop in chain.drops:
        if drop.filter is None or drop.filter.condition is None:
            continue
        condition = drop.filter.condition
        answer = chain.is_met(drop.formula, drop.holds) if drop.exact else TAKEN_OUT
        if answer == UNSATISFIABLE:
            message = "no event meets this, so nothing is ever dropped here"
            yield _never(condition, chain.filters[: chain.filters.index(drop.filter)], message, chain.context)
        elif isinstance(answer, Unknown):
            yield open_question("an event meets this", answer, condition.span)


def meets(rule: Rule, chain: FilterChain) -> Satisfiability:
    """Whether any event meets the trigger, even if a filter drops it: such an event, where one was found."""
    return chain.is_met(rule.formula, rule.holds) if rule.exact else TAKEN_OUT


def trigger_findings(rule: Rule, met: Satisfiability, chain: FilterChain) -> Iterator[Diagnostic]:
    """RW0404, RW0405 and RW0406 of a mapping; a trigger that is never true has no other finding."""
    trigger = rule.mapping.trigger
    if trigger == ir.AnyOf(()):
        return
    if not rule.exact:
        yield open_question("an event, or every event, meets this trigger", TAKEN_OUT, trigger.span)
        return
    if met == UNSATISFIABLE:
        message = f"no event meets this trigger, so {_name(rule)} never sends anything"
        yield _never(trigger, chain.filters, message, chain.context)
        return
    if isinstance(met, Unknown):
        event = "an event that no filter drops" if chain.drops else "an event"
        yield open_question(f"{event} meets this trigger", met, trigger.span)
    answer = chain.is_met(negation(rule.formula), lambda event: not rule.holds(event))
    if answer == UNSATISFIABLE:
        yield Diagnostic(
            "RW0405",
            "every event meets this trigger",
            trigger.span,
            help=('write `when type = "track"`, or the condition for the events that the mapping takes',),
        )
    elif isinstance(answer, Unknown):
        yield open_question("every event meets this trigger", answer, trigger.span)
    if chain.drops and not isinstance(met, Unknown) and not chain.is_independent_of(rule.reads):
        answer = chain.is_reached(rule.formula, confirm=(rule.holds,))
        if answer == UNSATISFIABLE:
            yield _behind_filter(rule, chain)
        elif isinstance(answer, Unknown):
            yield open_question("every event that meets this trigger is dropped before", answer, trigger.span)


def _never(
    condition: ir.Condition, before: tuple[ir.Filter, ...], message: str, context: AnalysisContext
) -> Diagnostic:
    """With what filters take out of what it reads, else the two parts that exclude each other, where there are two."""
    taken = tuple(Label(taken_out.span, "this is taken out before") for taken_out in takes_out(condition, before))
    if taken:
        return Diagnostic("RW0404", message, condition.span, others=taken)
    if (part := _never_by_itself(condition)) is not None:
        return Diagnostic("RW0404", message, part.span, "this is never true", help=never_true_help(part, context))
    if isinstance(condition, ir.All) and (pair := _excluding(condition.conditions)) is not None:
        first, second = pair
        return Diagnostic("RW0404", message, second.span, "this cannot both be true", (Label(first.span, "this, and"),))
    return Diagnostic("RW0404", message, condition.span, help=never_true_help(condition, context))


def _never_by_itself(condition: ir.Condition) -> ir.Condition | None:
    """The part, of several that would all have to be true, that never is."""
    if not isinstance(condition, ir.All):
        return None
    return next((part for part in condition.conditions if _never_true([formula_of(part)])), None)


def _excluding(parts: tuple[ir.Condition, ...]) -> tuple[ir.Condition, ir.Condition] | None:
    """Two of the parts, which are never all true, that are never both true; the second ends the first such run."""
    formulas = list(map(formula_of, parts))
    last = bisect_left(range(1, len(parts)), True, key=lambda count: _never_true(formulas[:count]))
    first = next((number for number in range(last) if _never_true([formulas[number], formulas[last]])), None)
    return None if first is None else (parts[first], parts[last])


def _never_true(formulas: list[Formula]) -> bool:
    return satisfiable(every(formulas)) == UNSATISFIABLE


def _behind_filter(rule: Rule, chain: FilterChain) -> Diagnostic:
    alone = [
        drop for drop in chain.drops if satisfiable(every((rule.formula, negation(drop.formula)))) == UNSATISFIABLE
    ]
    droppers = alone[:1] or chain.drops
    others = tuple(Label(drop.filter.span, "dropped here") for drop in droppers if drop.filter is not None)
    fate, way_out = "is dropped before", "narrow the filter, or remove the mapping"
    if alone and alone[0].filter is None:
        fate, way_out = "opts out of the destination", "remove the mapping"
    met = chain.meeting(rule.formula, lambda event: rule.holds(event) and not chain.passes(event))
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
