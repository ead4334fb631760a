"""Compares which events two versions of the rules take: more, fewer or others, each with an example event."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

from ...runtime.semantics.event import Event
from .. import ir
from .analyzed import Analyzed, Rule
from .budget import COMMAND_STEPS, CommandBudget
from .context import AnalysisContext
from .solver.formula import NEVER, Formula, every, negation
from .solver.solver import SPENT, Satisfiability, Unknown, Witness, satisfiable

TriggerChangeKind: TypeAlias = Literal["new", "gone", "wider", "narrower", "changed", "undecided"]


@dataclass(frozen=True, slots=True)
class TriggerChange:
    """How the events that one mapping takes differ between two versions of the rules."""

    mapping: str
    kind: TriggerChangeKind
    gained: Event | None = None
    """An event that only the new rules take."""
    lost: Event | None = None
    """An event that only the old rules take."""
    reason: str = ""
    """Why it is not decided."""


def compare_triggers(
    old: ir.Program, new: ir.Program, context: AnalysisContext, steps: int = COMMAND_STEPS
) -> list[TriggerChange]:
    """The mappings that take other events than before, in the order of the new rules; those gone come last.

    Mappings are matched by their names. What `drop when` takes away counts, and a disabled mapping takes nothing.
    An empty list is a proof that every mapping takes what it took; what `steps` of work do not decide is in the list.
    """
    return list(_changes(Analyzed(old, context), Analyzed(new, context), CommandBudget(limit=steps)))


def _changes(old: Analyzed, new: Analyzed, budget: CommandBudget) -> Iterator[TriggerChange]:
    before = {rule.mapping.name: rule for rule in old.rules}
    after = {rule.mapping.name: rule for rule in new.rules}
    for name, rule in after.items():
        if name not in before:
            yield TriggerChange(name, "new", gained=_event(budget.of(_only, rule, new, None, old)))
        elif _unchanged(before[name], old, rule, new):
            continue
        elif budget.is_spent:
            yield TriggerChange(name, "undecided", reason=SPENT.reason)
        elif (change := budget.of(_change, before[name], old, rule, new)) is not None:
            yield change
    for name, rule in before.items():
        if name not in after:
            yield TriggerChange(name, "gone", lost=_event(budget.of(_only, rule, old, None, new)))


def _change(before: Rule, old: Analyzed, after: Rule, new: Analyzed) -> TriggerChange | None:
    name = after.mapping.name
    if not (before.exact and after.exact and old.chain.exact and new.chain.exact):
        return TriggerChange(name, "undecided", reason="a filter takes out a part of what the trigger reads")
    gain, loss = _only(after, new, before, old), _only(before, old, after, new)
    gained, lost = _event(gain), _event(loss)
    reasons = [answer.reason for answer in (gain, loss) if isinstance(answer, Unknown)]
    if gained is not None and lost is not None:
        return TriggerChange(name, "changed", gained, lost)
    if reasons:
        return TriggerChange(name, "undecided", gained, lost, reasons[0])
    if gained is not None:
        return TriggerChange(name, "wider", gained)
    return TriggerChange(name, "narrower", lost=lost) if lost is not None else None


def _unchanged(before: Rule, old: Analyzed, after: Rule, new: Analyzed) -> bool:
    """Whether nothing that decides which events come here was edited at all."""
    old_mapping, new_mapping = before.mapping, after.mapping
    return (
        old_mapping.enabled == new_mapping.enabled
        and alike(old_mapping.trigger, new_mapping.trigger)
        and alike(old.chain.filters, new.chain.filters)
    )


def alike(left: object, right: object) -> bool:
    """Whether two parts of programs are written the same: `true` and `1` are not, though Python has them equal."""
    return repr(left) == repr(right)


def _only(rule: Rule, rules: Analyzed, other_rule: Rule | None, others: Analyzed) -> Satisfiability:
    """An event that a mapping takes, and of two versions the other does not."""

    def takes(event: Event) -> bool:
        return rule.mapping.enabled and rules.chain.passes(event) and rule.holds(event)

    def other_takes(event: Event) -> bool:
        return (
            other_rule is not None
            and other_rule.mapping.enabled
            and others.chain.passes(event)
            and other_rule.holds(event)
        )

    without = NEVER if other_rule is None else _taken(other_rule, others)
    return satisfiable(
        every((_taken(rule, rules), negation(without))),
        lambda event: takes(event) and not other_takes(event),
        rules.chain.context.examples,
    )


def _taken(rule: Rule, rules: Analyzed) -> Formula:
    return every((rule.formula, rules.chain.passing)) if rule.mapping.enabled else NEVER


def _event(answer: Satisfiability | None) -> Event | None:
    return answer.event if isinstance(answer, Witness) else None
