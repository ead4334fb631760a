"""The outcome of each clause of a condition for one event: true, false, or not reached."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ...compiler import ir
from ...dsl.render.json import span_data
from ...dsl.source import Span
from ...trace.evaluation import Traced
from ...trace.traced_event import TracedEvent
from ...trace.traced_rules import TracedRules


@dataclass(frozen=True, slots=True)
class ClauseMark:
    """A clause that the author wrote, and its state."""

    owner: str
    """The mapping; empty for a filter."""
    span: Span
    state: Literal["true", "false", "unreached"]

    def data(self) -> dict[str, Any]:
        """As plain data."""
        return {"mapping": self.owner or None, "state": self.state, **span_data(self.span)}


def clause_marks(rules: TracedRules, traced: TracedEvent) -> Iterator[ClauseMark]:
    """The clauses of the filters and mappings that the event reaches, in the order of evaluation."""
    for filter_ in traced.filters:
        if filter_.condition is not None:
            yield from _marks(rules, "", filter_.condition.node, filter_.condition)
    for mapping in traced.mappings:
        yield from _marks(rules, mapping.mapping.name, mapping.trigger.node, mapping.trigger)


def _marks(rules: TracedRules, owner: str, node: ir.Value, traced: Traced | None) -> Iterator[ClauseMark]:
    match node:
        case ir.All(conditions) | ir.AnyOf(conditions):
            for condition in conditions:
                yield from _marks(rules, owner, condition, _part(traced, condition))
        case _:
            if rules.is_own(node.span):
                state: Literal["true", "false"] = "true" if traced is not None and traced.value else "false"
                yield ClauseMark(owner, node.span, "unreached" if traced is None else state)


def _part(traced: Traced | None, node: ir.Value) -> Traced | None:
    return None if traced is None else next((part for part in traced.parts if part.node is node), None)
