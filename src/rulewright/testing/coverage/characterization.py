"""What the rules do with an event now, as expectations: of all that is sent, the parts that an item is about."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from ...compiler import ir
from ...dsl import ast
from ...dsl.source import Span
from ...runtime.outcome import Outcome
from ...runtime.semantics.event import Event
from ...runtime.semantics.missing import MISSING
from ...trace.influence import Cause, Influence
from ...trace.request_views import RequestPath, RequestView, at, unfolded
from ...trace.traced_rules import HIDDEN, TracedRules
from .coverage_items import CoverageItem

MOST_CONDITIONS = 2
LONGEST = 60
"""The most characters of a value that is compared: a longer one would hide the rest of a test."""


def expectations(rules: TracedRules, item: CoverageItem, event: Event) -> Iterator[ast.Expect]:
    """The expectations on the mapping of an item or, for a filter, on whether it drops the event."""
    outcome = rules.mapper(event)
    if outcome.dropped:
        yield ast.Expect("dropped")
        return
    if not item.owner:
        yield _beyond_filters(outcome)
        return
    if item.owner not in outcome.matched:
        yield ast.Expect("no match", item.owner)
        return
    failed = failure_of(outcome, item.owner)
    if failed is not None:
        yield failed
        return
    traced = rules.tracer(event).mapping(item.owner)
    assert traced is not None
    influence = rules.influence(traced)
    views = views_of(outcome, item.owner)
    places = (place for place in _places(influence, item) if is_sent_as_made(influence, views, place))
    values = ((place, at(influence.views, place)) for place in islice(places, MOST_CONDITIONS))
    conditions = (
        equal(path_of(influence.views, place), None if value is MISSING else value) for place, value in values
    )
    yield ast.Expect("matches", item.owner, tuple(conditions))


def failure_of(outcome: Outcome, name: str) -> ast.Expect | None:
    """The expectation that a mapping fails as it does; None if it does not fail."""
    failure = next((failure for failure in outcome.failures if failure.mapping == name), None)
    if failure is None:
        return None
    conditions = () if failure.field is None else (equal(ast.Path(("field",)), failure.field),)
    return ast.Expect("failure", name, conditions)


def _beyond_filters(outcome: Outcome) -> ast.Expect:
    """What shows that an event is not dropped: the first mapping that sends it, or else the first that takes it."""
    taken = [failure_of(outcome, name) or ast.Expect("matches", name) for name in outcome.matched]
    return min(taken, key=lambda expect: expect.kind == "failure", default=ast.Expect("nothing"))


def views_of(outcome: Outcome, name: str) -> list[RequestView]:
    """The requests of a mapping as they are sent."""
    return [unfolded(request, HIDDEN) for request in outcome.requests if request.mapping == name]


def is_sent_as_made(influence: Influence, views: list[RequestView], place: RequestPath) -> bool:
    """Whether a part of the requests is sent as the rules make it, and no limit of the destination changes it."""
    made_and_sent = [(at(influence.views, place[:end]), at(views, place[:end])) for end in range(len(place) + 1)]
    made, sent = made_and_sent[-1]
    return made == sent and all(type(before) is type(after) for before, after in made_and_sent)


def _places(influence: Influence, item: CoverageItem) -> Iterator[RequestPath]:
    """The parts of the requests that depend on the text of an item."""
    seen: set[RequestPath] = set()
    for cause in influence.causes:
        if not _holds(cause, item.span):
            continue
        for place in parts_of(influence, cause):
            if is_short(at(influence.views, place)) and place not in seen:
                seen.add(place)
                yield place


def is_short(value: Any) -> bool:
    """Whether a value can be compared in one line."""
    return value is MISSING or (not isinstance(value, dict | list) and len(str(value)) <= LONGEST)


def _holds(cause: Cause, span: Span) -> bool:
    """Whether the item's text is within the text of a value, and in no smaller one."""
    own = cause.traced.node.span
    return (
        own.source is span.source
        and own.start <= span.start
        and span.end <= own.end
        and not isinstance(cause.traced.node, ir.ForEach)
    )


def parts_of(influence: Influence, cause: Cause) -> list[RequestPath]:
    """Where a value is seen, or would be seen; its namesake first."""
    name = cause.steps[-1] if cause.steps else cause.field.field.facts.name
    places = {*_leaves(influence.views), *_leaves(influence.with_another(cause))}
    moved = [place for place in sorted(places, key=str) if influence.moves(cause, place)]
    return sorted(moved, key=lambda place: place[-1] != name)


def _leaves(value: Any, path: RequestPath = ()) -> Iterator[RequestPath]:
    inner: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    has_parts = False
    for key, part in inner:
        has_parts = True
        yield from _leaves(part, (*path, key))
    if not has_parts and len(path) > 2:
        yield path


def path_of(views: list[RequestView], place: RequestPath) -> ast.Expression:
    """`requests[0].json.events[0].revenue`; the JSON of a form is decoded first."""
    number, body, *rest = place
    if body == "form" and len(rest) > 1 and isinstance(at(views, place[:3]), dict | list):
        text = ast.Path(("requests", number, body, rest[0]))
        return ast.Access(ast.Call("json_decode", (text,)), tuple(rest[1:]))
    return ast.Path(("requests", *place))


def equal(left: ast.Expression, value: Any) -> ast.Expression:
    """The condition that an expression equals a value."""
    return ast.Comparison("=", left, ast.Literal(value))
