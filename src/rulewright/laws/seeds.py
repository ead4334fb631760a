"""Seed events of a law: one that the solver finds for each clause of the rules, and recorded ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from ..compiler import ir
from ..compiler.analysis.analyzed import Analyzed, Rule
from ..compiler.analysis.budget import COMMAND_STEPS, CommandBudget
from ..compiler.analysis.solver.condition_to_formula import formula_of
from ..compiler.analysis.solver.formula import ALWAYS, Formula, every, negation
from ..compiler.analysis.solver.solver import UNSATISFIABLE, Witness
from ..runtime.semantics.event import Event
from ..testing.coverage.coverage_items import items_of
from ..trace.traced_rules import TracedRules
from .event_parts import EventParts
from .events import usual

MOST_WITNESSES = 300
"""The most events of the solver that a law begins with."""
_STEPS = COMMAND_STEPS // 4


class Seeds:
    """Finds events for the laws of some rules."""

    def __init__(self, rules: TracedRules, analyzed: Analyzed, parts: EventParts, recorded: Iterable[Event]) -> None:
        self._analyzed = analyzed
        self._parts = parts
        self._items = [(item.owner, item.formula()) for item in items_of(rules.program, rules.is_own)]
        self._recorded = list(recorded)

    def items_of(self, mapping: str) -> list[Formula]:
        """The conditions under which an event tries each coverage item of a mapping."""
        return [formula for owner, formula in self._items if owner == mapping]

    def events(
        self, where: ir.Condition | None, holds: Callable[[Event], bool], more: Iterable[Formula] = ()
    ) -> list[Event]:
        """Distinct events that meet a condition: those of the solver, made to conform to the spec, and recorded ones.

        With `more`, there is one for each of these formulas that an event can make true.
        """
        formula = ALWAYS if where is None else formula_of(where)
        witnesses = islice(self._witnesses(formula, holds, more), MOST_WITNESSES)
        by_text = {repr(event): event for event in witnesses}
        by_text.update((repr(event), event) for event in self._recorded if holds(event))
        return list(by_text.values())

    def _witnesses(self, where: Formula, holds: Callable[[Event], bool], more: Iterable[Formula]) -> Iterator[Event]:
        budget = CommandBudget(limit=_STEPS)
        chain = self._analyzed.chain
        triggers = [part for rule in self._analyzed.rules for part in (rule.formula, negation(rule.formula))]
        for part in [ALWAYS, *more, *triggers, *(formula for _, formula in self._items)]:
            answer = budget.of(chain.reaching_or_not, every((where, part)), holds)
            if isinstance(answer, Witness):
                event = usual(self._parts.conforming(answer.event))
                if holds(event):
                    yield event


def takes_none(analyzed: Analyzed, rule: Rule, where: ir.Condition | None) -> bool:
    """Whether it is proved that a mapping takes none of the events that meet a condition."""
    if not rule.mapping.enabled:
        return True
    if not rule.exact:
        return False
    condition = ALWAYS if where is None else formula_of(where)
    return analyzed.chain.reaching(condition, rule.formula, confirm=()) == UNSATISFIABLE
