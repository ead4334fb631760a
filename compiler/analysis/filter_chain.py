"""The opt-outs and filters before every mapping, and which events pass them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from ...runtime.semantics.event import Event
from .. import ir
from ..catalog import OptOutSchema
from .budget import worked
from .context import AnalysisContext, Predicate
from .filter_rewriting import over_unfiltered_event
from .sets.values import OBJECTS, exactly
from .solver.condition_to_formula import formula_of
from .solver.formula import Formula, every, fact, negation, paths_of, some
from .solver.solver import ONLY_AN_EVENT_CAN_TELL, Satisfiability, Unknown, Witness, satisfiable


@dataclass(frozen=True, slots=True)
class DropCondition:
    """One `drop when`, or all opt-outs, as a condition on the event before any filter."""

    filter: ir.Filter | None
    """None for the opt-outs, which no author writes."""
    formula: Formula
    holds: Callable[[Event], bool]
    exact: bool
    """False where it reads an object that a filter before it takes a part out of."""


class FilterChain:
    """The filters of a program, with the context of its analysis."""

    def __init__(self, context: AnalysisContext, opt_outs: OptOutSchema | None, *filters: ir.Filter) -> None:
        self.context = context
        self.filters = filters
        written = [
            _drop(step, step.condition, filters[:number], context)
            for number, step in enumerate(filters)
            if step.kind == "drop" and step.condition is not None
        ]
        self.drops = (*([] if opt_outs is None else [_opt_out(opt_outs)]), *written)
        self.exact = all(drop.exact for drop in self.drops)
        self.passing: Formula = every(negation(drop.formula) for drop in self.drops)
        """True for the events that no filter drops and that do not opt out."""

    def passes(self, event: Event) -> bool:
        """Whether no filter drops the event and it does not opt out, found by evaluating the conditions."""
        return not any(drop.holds(event) for drop in self.drops)

    def is_independent_of(self, reads: frozenset[str]) -> bool:
        """Whether filters decide by other parts of an event than these, which are named by their first step.

        Whatever these parts are, some event with them passes the filters.
        """
        return self._reads is not None and self._reads.isdisjoint(reads)

    @cached_property
    def _reads(self) -> frozenset[str] | None:
        """The parts that filters decide by; None where it was not proved that any event passes them."""
        # Kept for all mappings, so it is not the work of the first.
        passes = self.exact and isinstance(worked(satisfiable, self.passing).result, Witness)
        return frozenset(path[0] for path in paths_of(self.passing)) if passes else None

    def reaching(self, *parts: Formula, confirm: Iterable[Callable[[Event], bool]]) -> Satisfiability:
        """An event that no filter drops and that makes all parts true; every witness is confirmed by evaluation."""
        checks = tuple(confirm)
        if not self.exact:
            return Unknown("a filter takes out a part of what another one reads")
        return satisfiable(
            every((*parts, self.passing)),
            lambda event: self.passes(event) and all(check(event) for check in checks),
            self.context.examples,
        )

    def reaching_or_not(self, formula: Formula, confirm: Callable[[Event], bool]) -> Satisfiability:
        """An event that makes the formula true: one that no filter drops, if there is one, else any."""
        answer = self.reaching(formula, confirm=(confirm,))
        return answer if isinstance(answer, Witness) else self.meeting(formula, confirm)

    def is_reached(self, *parts: Formula, confirm: Iterable[Callable[[Event], bool]]) -> Satisfiability:
        """The answer of `reaching`, whose witness is confirmed only if the formulas alone do not decide."""
        checks = tuple(confirm)
        if not self.exact:
            return Unknown("a filter takes out a part of what another one reads")
        return self.is_met(
            every((*parts, self.passing)), lambda event: self.passes(event) and all(check(event) for check in checks)
        )

    def is_met(self, formula: Formula, confirm: Callable[[Event], bool]) -> Satisfiability:
        """The answer of `meeting`, whose witness is confirmed only if the formula alone does not decide."""
        answer = satisfiable(formula, examples=self.context.examples)
        return self.meeting(formula, confirm) if answer == ONLY_AN_EVENT_CAN_TELL else answer

    def meeting(self, formula: Formula, confirm: Callable[[Event], bool]) -> Satisfiability:
        """An event that makes the formula true, dropped or not; every witness is confirmed by evaluation."""
        return satisfiable(formula, confirm, self.context.examples)


def _drop(
    filter_: ir.Filter, condition: ir.Condition, before: tuple[ir.Filter, ...], context: AnalysisContext
) -> DropCondition:
    came, exact = over_unfiltered_event(condition, before, context.is_object)
    return DropCondition(filter_, formula_of(came), Predicate(came, context), exact)


def _opt_out(opt_outs: OptOutSchema) -> DropCondition:
    """The same as `runtime/opt_outs.py` decides, which is what runs."""
    own = [("integrations", name) for name in opt_outs.names]
    formulas = [fact(path, exactly(False)) for path in own]
    formulas.append(every((fact(("integrations", "All"), exactly(False)), *(fact(path, ~OPTS_IN) for path in own))))
    consents = [fact((*opt_outs.consent, category), exactly(True)) for category in opt_outs.categories]
    if consents:
        formulas.append(every((fact(opt_outs.consent, OBJECTS), negation(every(consents)))))
    return DropCondition(None, some(formulas), lambda event: opt_outs.reason(event) is not None, True)


OPTS_IN = exactly(True) | OBJECTS
"""The values of an own key that let an event pass which `All` holds back."""
