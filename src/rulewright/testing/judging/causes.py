"""Finds the lines of the rules behind a result that a test did not expect."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ...compiler import ir
from ...dsl.source import Span
from ...dsl.syntax.paths import steps
from ...explain.clauses import Clause
from ...explain.origins import source
from ...explain.readings import reading
from ...runtime.semantics.event import Event
from ...runtime.semantics.missing import MISSING
from ...trace.evaluation import Traced
from ...trace.influence import Cause, Influence
from ...trace.request_views import RequestPath, at
from ...trace.traced_event import TracedMapping
from ...trace.traced_rules import TracedRules, place, words

MOST = 3
"""The most lines of the rules that are named for one part of a request."""


@dataclass(frozen=True, slots=True)
class Because:
    """A line of the rules, and what it read."""

    place: str
    text: str
    reason: str
    span: Span | None = None


def of_clause(clause: Clause) -> Because:
    """The clause of a trigger or a filter."""
    return Because(place(clause.span), str(clause), "", clause.span)


def of_part(rules: TracedRules, traced: TracedMapping, event: Event, parts: list[RequestPath]) -> list[Because]:
    """The lines behind parts of the requests of a mapping, each once."""
    influence = rules.influence(traced)
    by_text: dict[str, Because] = {}
    for part in parts:
        behind = influence.behind(part) or influence.behind_together(part)
        for cause in behind[:1] if behind and _is_sent(behind[0], part, influence) else behind[:MOST]:
            because = _of_cause(rules, traced, event, cause)
            by_text.setdefault(f"{because.place} {because.text}", because)
        if not behind:
            by_text.update((read.text, read) for read in _of_nothing(traced, influence, part))
    return list(by_text.values())


def _is_sent(cause: Cause, part: RequestPath, influence: Influence) -> bool:
    """Whether a value is at the place under its own name, so that no other line has to be named."""
    if not influence.moves(cause, part):
        return False
    own = cause.steps[-1] if cause.steps else cause.field.field.facts.name
    return own == part[-1] and at(cause.field.value, cause.steps) == at(influence.views, part)


def _of_cause(rules: TracedRules, traced: TracedMapping, event: Event, cause: Cause) -> Because:
    value_source = source(cause.traced, event)
    own = rules.is_own(cause.field.field.span)
    where = place(cause.traced.node.span) if own else f"default of {traced.mapping.action.name}"
    node = cause.traced.node
    reason = value_source.reason or (str(reading(cause.traced, event)) if isinstance(node, ir.Read) else "")
    if value_source.text != words(node.span):
        reason = str(value_source)
    return Because(where, f"{cause.name} = {words(cause.traced.node.span)}", reason, cause.traced.node.span)


def _of_nothing(traced: TracedMapping, influence: Influence, part: RequestPath) -> Iterator[Because]:
    """Why no value of the rules could make a part."""
    name = traced.mapping.name
    head = place(traced.mapping.span)
    if not influence.views:
        yield Because(head, f"`{name}` sends no request", "", traced.mapping.span)
        return
    known = {facts.name for facts in traced.mapping.action.fields}
    assigned = {field.facts.name for field in traced.mapping.fields}
    if at(influence.views, part) is MISSING and part[-1] in known - assigned:
        yield Because(head, f"`{name}` does not set `{part[-1]}`", "", traced.mapping.span)
        return
    for length in range(1, len(part)):
        if at(influence.views, part[:length]) is MISSING:
            return
        inside = at(influence.views, part[:length])
        if at(influence.views, part[: length + 1]) is MISSING and isinstance(inside, dict):
            keys = ", ".join(f"`{key}`" for key in inside)
            yield Because(head, f"there is no `{part[length]}`; there are {keys}", "", traced.mapping.span)


def of_field(rules: TracedRules, traced: TracedMapping, event: Event, name: str) -> list[Because]:
    """The lines behind the value of a field that the action refuses."""
    influence = rules.influence(traced)
    mine = [cause for cause in influence.causes if name in (cause.name, cause.field.field.facts.name)]
    return [_of_cause(rules, traced, event, cause) for cause in mine[:MOST]]


def place_of(text: str) -> RequestPath:
    """`[0].json.events[0].revenue` as steps."""
    return steps(text)


def parts_read(condition: Traced) -> list[RequestPath]:
    """The parts of requests that a condition reads: `requests[0].json.events[0].revenue`, inside of a form as well."""
    node = condition.node
    match node:
        case ir.Read(ir.EVENT, ("requests", int(number), *rest)):
            return [(number, *rest)]
        case ir.Get(ir.Call("json_decode", (ir.Read(_, ("requests", int(number), *inside)),)), steps):
            return [(number, *inside, *steps)]
    return [part for inner in condition.parts for part in parts_read(inner)]
