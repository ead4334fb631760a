"""A program prepared for proofs: each trigger as a formula, after the filters that every event passes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ...dsl.source import Span
from .. import ir
from ..memo import IdentityMemo
from .context import AnalysisContext, Predicate
from .filter_chain import FilterChain
from .filter_rewriting import over_unfiltered_event
from .sets.values import ValueSet
from .solver.condition_to_formula import formula_of
from .solver.formula import ALWAYS, Formula, PathSteps, hull, paths_of
from .solver.solver import UNSATISFIABLE, Satisfiability, Unknown, are_disjoint


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One mapping and what its trigger says."""

    mapping: ir.Mapping
    fields: tuple[ir.FieldValue, ...]
    """The mapping's, as they come out for the event before the filters."""
    formula: Formula
    """When the trigger is true, said of the event before the filters."""
    hull: dict[PathSteps, ValueSet]
    holds: Predicate
    exact: bool
    """False where the trigger reads an object that a filter takes a part out of: the formula may be another then."""
    reads: frozenset[str]
    """The parts of an event, by their first step, that the trigger reads."""


class Analyzed:
    """The rules of a program, and the filters before them."""

    def __init__(self, checked: ir.Program, context: AnalysisContext, memo: IdentityMemo | None = None) -> None:
        """With `memo`, what was analyzed before of the same parts is taken from there."""
        self.memo = memo or IdentityMemo()
        self.destination = checked.destination
        opt_outs = None if checked.destination is None else checked.destination.opt_outs(checked.settings)
        self.chain = self.memo.of(FilterChain, context, opt_outs, *checked.filters)
        self.rules = tuple(self.memo.of(rule_of, mapping, self.chain) for mapping in checked.mappings)


def rule_of(mapping: ir.Mapping, chain: FilterChain) -> Rule:
    """A mapping behind the filters, ready for proofs."""
    trigger, exact = over_unfiltered_event(mapping.trigger, chain.filters, chain.context.is_object)
    formula = formula_of(trigger)
    facts = {} if formula == ALWAYS else hull(formula)
    holds = Predicate(trigger, chain.context)
    reads = frozenset(path[0] for path in paths_of(formula))
    return Rule(mapping, _fields(mapping, chain), formula, facts, holds, exact, reads)


def _fields(mapping: ir.Mapping, chain: FilterChain) -> tuple[ir.FieldValue, ...]:
    if not chain.filters:
        return mapping.fields
    # A field that reads an object is judged as if the filters had taken nothing out of the object.
    came = [
        (field, over_unfiltered_event(field.value, chain.filters, chain.context.is_object)[0])
        for field in mapping.fields
    ]
    return tuple(field if value is field.value else replace(field, value=value) for field, value in came)


def overlap(first: Rule, second: Rule, chain: FilterChain) -> Satisfiability:
    """An event that both mappings take, the proof that there is none, or `Unknown`."""
    if not (first.exact and second.exact):
        return Unknown("a filter takes out a part of what their triggers read")
    if are_disjoint(first.hull, second.hull):
        return UNSATISFIABLE
    return chain.reaching(first.formula, second.formula, confirm=(first.holds, second.holds))


def written_span(field: ir.FieldValue, rule: Rule) -> Span:
    """Where the author wrote a field; for one of the defaults, the head of the mapping."""
    whole = rule.mapping.span
    if field.span.source is whole.source:
        return field.span
    return head_span(rule)


def head_span(rule: Rule) -> Span:
    """The first line of a mapping."""
    whole = rule.mapping.span
    return whole.within(0, len(whole.text.partition("{")[0].rstrip()))
