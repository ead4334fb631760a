"""Events that try what no test has tried: found by the solver, run, and filled up until they look like events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...checks.analysis_context import analysis_context
from ...compiler import ir
from ...compiler.analysis.budget import CommandBudget
from ...compiler.analysis.filter_chain import FilterChain
from ...compiler.analysis.solver.solver import Satisfiability, Witness
from ...runtime.semantics.event import Event
from ...runtime.semantics.missing import MISSING
from ...runtime.semantics.property_access import read
from ...trace.node_key import key_of
from ...trace.traced_rules import TracedRules
from .coverage import outcomes
from .coverage_items import CoverageItem

_USUAL: dict[str, Any] = {
    "type": "track",
    "event": "Something Happened",
    "userId": "user-0001",
    "messageId": "message-0001",
    "timestamp": "2026-01-02T03:04:05.000Z",
}
"""What every event of Segment has (Segment, "Spec: Common Fields"), in its order."""


@dataclass(eq=False)
class Witnesses:
    """Finds events for the items of some rules."""

    rules: TracedRules

    def __post_init__(self) -> None:
        self._context = analysis_context()
        program = self.rules.program
        opt_outs = None if program.destination is None else program.destination.opt_outs(program.settings)
        self._budget = CommandBudget()
        self._chain = FilterChain(self._context, opt_outs, *program.filters)

    def event(self, item: CoverageItem) -> Event | None:
        """An event that tries an item, run to make sure; None where none was found, or the work budget is spent."""
        answer = self._budget.of(self._answer, item)
        return self._filled(answer.event, item) if isinstance(answer, Witness) else None

    def _answer(self, item: CoverageItem) -> Satisfiability:
        def tries(event: Event) -> bool:
            return self._tries(event, item)

        needs = item.formula()
        return self._chain.reaching(needs, confirm=(tries,)) if item.owner else self._chain.meeting(needs, tries)

    def _tries(self, event: Event, item: CoverageItem) -> bool:
        traced = self.rules.tracer(event, only=item.owner)
        return any(
            key_of(step.node) == item.node and item.outcome in outcomes(step)
            for steps in ([traced.filter_steps] if not item.owner else [mapping.steps for mapping in traced.mappings])
            for step in steps
        )

    def _filled(self, event: Event, item: CoverageItem) -> Event:
        """With what every event has, and what keeps a mapping from failing, as long as the item is still tried."""
        for key, value in _USUAL.items():
            if key not in event and (key != "event" or event.get("type") == "track"):
                event = self._better({**event, key: value}, event, item)
        for path in self._paths(item.owner) if self._failures(event) else ():
            if not self._failures(event):
                break
            examples = self._context.examples(path)
            if examples and read(event, path) is MISSING:
                event = self._better(_with(event, path, examples[0]), event, item, only_if_other=True)
        return {key: event[key] for key in (*_USUAL, *event) if key in event}

    def _better(self, fuller: Event, event: Event, item: CoverageItem, *, only_if_other: bool = False) -> Event:
        """The fuller event, where it tries the item as well and no more goes wrong with it."""
        before, after = self._failures(event), self._failures(fuller)
        worse = len(after) > len(before) or (only_if_other and after == before)
        return event if worse or not self._tries(fuller, item) else fuller

    def _paths(self, owner: str) -> Iterator[tuple[str, ...]]:
        """The paths that the fields of a mapping read."""
        for mapping in self.rules.program.mappings:
            if mapping.name == owner:
                for node in ir.walk(tuple(mapping.fields)):
                    if isinstance(node, ir.Read) and node.root == ir.EVENT and node.steps:
                        yield tuple(map(str, node.steps))

    def _failures(self, event: Event) -> list[tuple[str, str]]:
        return [(failure.mapping, failure.message) for failure in self.rules.mapper(event).failures]


def _with(event: Event, path: tuple[str, ...], value: Any) -> Event:
    first, *rest = path
    if not rest:
        return {**event, first: value}
    inside = event.get(first)
    return {**event, first: _with(inside if isinstance(inside, dict) else {}, tuple(rest), value)}
