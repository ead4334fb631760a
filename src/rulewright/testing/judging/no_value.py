"""Whether the value at a path of an event reaches a request: proved by lineage, or seen on an event.

Lineage proves it for every event. On one event, the value is changed: where the rules then take the same decisions and
make other requests, the value is in them, whatever functions it came through.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from ...compiler.analysis.lineage import DerivedFlow
from ...compiler.ir import CONDITIONS
from ...dsl.ast import EventPath
from ...runtime.outcome import Outcome
from ...runtime.semantics.event import Event
from ...trace.node_key import key_of
from ...trace.request_views import unfolded
from ...trace.traced_rules import HIDDEN, TracedRules
from ..path_values import values_at, with_changes
from .differences import differences

_TIMES = ("2026-05-01T09:00:00.000Z", "1999-12-31T23:59:59Z")
_SHORTEST_TEXT = 4
"""A shorter text is in many requests by accident."""


class Leak(NamedTuple):
    """Where the value at a path is in the requests of an event."""

    mapping: str
    place: str
    """`[0].json.events[0].user_properties.email`, counted in the requests of the mapping."""
    value: Any
    """What is there; MISSING where the changed value was not sent."""


def ways_out(rules: TracedRules, path: EventPath) -> list[DerivedFlow]:
    """The flows by which the value at a path may reach a request; empty is a proof that it never does."""
    return [flow for flow in rules.flows if not flow.decides and flow.covers(path)]


def leak(rules: TracedRules, path: EventPath, event: Event, outcome: Outcome) -> Leak | None:
    """A place of the value in the requests of an event; None if it is in none."""
    for change in (_another, _another_kind):
        changed = with_changes(event, path, change)
        changed_outcome = rules.mapper(changed)
        difference = _difference(outcome, changed_outcome)
        if difference is None:
            return None
        if _decisions(rules, event) == _decisions(rules, changed):
            return difference
    texts = [value for value in values_at(event, path) if isinstance(value, str) and len(value) >= _SHORTEST_TEXT]
    return difference if any(_is_in(text, outcome) for text in texts) else None


def _difference(outcome: Outcome, changed: Outcome) -> Leak | None:
    for mapping in dict.fromkeys(request.mapping for request in [*outcome.requests, *changed.requests]):
        mine, others = (
            [unfolded(request, HIDDEN) for request in result.requests if request.mapping == mapping]
            for result in (outcome, changed)
        )
        first = next(differences(mine, others), None)
        if first is not None:
            return Leak(mapping, first.place, first.expected)
    return None


def _decisions(rules: TracedRules, event: Event) -> list[tuple[object, object]]:
    """What each condition and each choice came to, and which mappings failed."""
    traced = rules.tracer(event)
    steps = [
        (key_of(step.node), bool(step.value) if isinstance(step.node, CONDITIONS) else step.chosen)
        for step in traced.steps()
        if isinstance(step.node, CONDITIONS) or step.chosen is not None
    ]
    return [
        *steps,
        *((mapping.mapping.name, field.failed != "") for mapping in traced.mappings for field in mapping.fields),
    ]


def _is_in(text: str, outcome: Outcome) -> bool:
    return any(text in repr(unfolded(request, HIDDEN)) for request in outcome.requests)


def _another(value: Any) -> Any:
    """Another value of the same kind, as like the first one as can be, so that it decides the same."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value + 1
    if value[:4].isdecimal() and value[4:5] == "-":
        return next(time for time in _TIMES if time != value)
    return f"{value}q" if "@" not in value else value.replace("@", "q@", 1)


def _another_kind(value: Any) -> Any:
    """A value that begins in another way."""
    return f"q{value}" if isinstance(value, str) else value * 2 + 3 if not isinstance(value, bool) else value
