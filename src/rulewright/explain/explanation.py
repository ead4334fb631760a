"""Explains an event: why each mapping took it or not, and where each part of a request came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..compiler import ir
from ..runtime.outcome import Failure, Outcome
from ..runtime.repairs import Repair
from ..runtime.semantics.event import Event
from ..runtime.unrecognized import Unrecognized
from ..trace.traced_event import TracedEvent, TracedFilter, TracedMapping
from ..trace.traced_rules import TracedRules
from .clauses import Clause, deciding
from .request_rows import ExplainedRequest, RequestRow, RequestRows


@dataclass(slots=True)
class ExplainedMapping:
    """A mapping and what it did; for one that does not match, the clause that was false."""

    mapping: ir.Mapping
    matched: bool
    clause: Clause
    requests: list[ExplainedRequest] = field(default_factory=list)
    left_out: list[RequestRow] = field(default_factory=list)
    unused: list[RequestRow] = field(default_factory=list)
    """What the author set, and the action makes nothing of for this event."""
    refused: list[RequestRow] = field(default_factory=list)
    """The values that a failure is about."""
    failures: list[Failure] = field(default_factory=list)
    repairs: list[Repair] = field(default_factory=list)
    """What was changed after the rules had made their values, so that the rest could be sent."""


@dataclass(slots=True)
class ExplainedFilter:
    """A filter that the event met."""

    filter: ir.Filter
    clause: Clause | None


@dataclass(slots=True)
class Explanation:
    """What the rules do with an event, and why, in the order of the rules."""

    filters: list[ExplainedFilter]
    dropped_by: ExplainedFilter | None
    opted_out: str | None
    """What opted the event out of the destination, before all filters."""
    mappings: list[ExplainedMapping]
    disabled: list[str]
    unrecognized: Unrecognized | None
    """What the event is in place of an event of Segment, where no mapping takes it."""


def explain(rules: TracedRules, event: Event) -> Explanation:
    """Explains what the rules do with an event."""
    traced = rules.tracer(event)
    outcome = rules.mapper(event)
    filters = [_filter(filter_, traced) for filter_ in traced.filters if filter_.changes]
    mappings = [_mapping(rules, mapping, traced.seen, outcome) for mapping in traced.mappings]
    disabled = [mapping.name for mapping in rules.program.mappings if not mapping.enabled]
    dropped_by = filters[-1] if traced.dropped_by else None
    return Explanation(filters, dropped_by, traced.opted_out, mappings, disabled, outcome.unrecognized)


def _filter(traced: TracedFilter, whole: TracedEvent) -> ExplainedFilter:
    clause = None if traced.condition is None else deciding(traced.condition, whole.event)
    return ExplainedFilter(traced.filter, clause)


def _mapping(rules: TracedRules, traced: TracedMapping, event: Event, outcome: Outcome) -> ExplainedMapping:
    explained = ExplainedMapping(traced.mapping, traced.matched, deciding(traced.trigger, event))
    if traced.matched:
        influence = rules.influence(traced)
        rows = RequestRows(rules, traced, influence, event)
        explained.requests = [rows.request(number) for number in range(len(influence.views))]
        explained.left_out = list(rows.left_out())
        explained.unused = list(rows.unused())
        explained.failures = [failure for failure in outcome.failures if failure.mapping == traced.mapping.name]
        explained.repairs = [repair for repair in outcome.warnings if repair.mapping == traced.mapping.name]
        explained.refused = [row for failure in explained.failures for row in rows.of_field(failure.field or "")]
    return explained
