"""What the rules do with an event now, as expectations: of all that is sent, the parts that an item is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ...compiler import ir
from ...dsl import ast
from ...dsl.source import Span
from ...runtime.outcome import Outcome
from ...runtime.semantics.event import Event
from ...runtime.semantics.missing import MISSING
from ...trace.influence import Cause, Influence
from ...trace.request_views import RequestPath, RequestView, at
from ...trace.traced_rules import TracedRules
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
    yield ast.Expect("matches", item.owner, tuple(_conditions(influence, item))[:MOST_CONDITIONS])


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


def _conditions(influence: Influence, item: CoverageItem) -> Iterator[ast.Expression]:
    """The parts of the requests that depend on the text of an item."""
    seen: set[RequestPath] = set()
    for cause in influence.causes:
        if not _holds(cause, item.span):
            continue
        for place in parts_of(influence, cause):
            value = at(influence.views, place)
            if is_short(value) and place not in seen:
                seen.add(place)
                yield equal(path_of(influence.views, place), None if value is MISSING else value)


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
