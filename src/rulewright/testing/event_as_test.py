"""An event as a test of what the rules do with it now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..dsl import ast
from ..dsl.format.printer import item_to_text
from ..runtime.outcome import Outcome
from ..runtime.semantics.event import Event
from ..runtime.semantics.missing import MISSING
from ..trace.influence import Cause, Influence
from ..trace.request_views import RequestPath, RequestView, at
from ..trace.traced_rules import TracedRules
from .coverage.characterization import equal, failure_of, is_sent_as_made, is_short, parts_of, path_of, views_of
from .coverage.suggestions import free_name
from .literals import literal

MOST_CONDITIONS = 8
ENOUGH_CONDITIONS = 3
"""If the author's own values give fewer conditions than this, values of defaults make up for them."""


def event_as_test(rules: TracedRules, event: Event, name: str, taken: Iterable[str]) -> str:
    """A test of the event, as rule text; `taken` are the names that tests have already."""
    free = free_name(name, set(taken))
    return item_to_text(ast.Test(free, (ast.Given(literal(event)), *expectations_of(rules, event)))) + "\n"


def name_for(event: Event, outcome: Outcome) -> str:
    """A name for a test of an event, from the event and its result."""
    kind = event.get("event") if event.get("type") == "track" else event.get("type")
    what = kind if isinstance(kind, str) and kind else "an event"
    if outcome.dropped:
        return f"{what} is dropped"
    if outcome.failures:
        failure = outcome.failures[0]
        return f"{what} fails in {failure.mapping}"
    return f"{what} is sent by {' and '.join(outcome.matched)}" if outcome.matched else f"{what} is taken by nothing"


def expectations_of(rules: TracedRules, event: Event) -> Iterator[ast.Expect]:
    """All that the rules do with an event now."""
    outcome = rules.mapper(event)
    if outcome.dropped or not outcome.matched:
        yield ast.Expect("dropped" if outcome.dropped else "nothing")
        return
    for name in outcome.matched:
        yield expectation_of(rules, event, outcome, name)


def expectation_of(rules: TracedRules, event: Event, outcome: Outcome, name: str) -> ast.Expect:
    """What one mapping does with an event now."""
    if outcome.dropped:
        return ast.Expect("dropped")
    if name not in outcome.matched:
        return ast.Expect("no match", name)
    failed = failure_of(outcome, name)
    if failed is not None:
        return failed
    traced = rules.tracer(event).mapping(name)
    assert traced is not None
    return ast.Expect("matches", name, tuple(_conditions(rules, rules.influence(traced), views_of(outcome, name))))


def _conditions(rules: TracedRules, influence: Influence, views: list[RequestView]) -> list[ast.Expression]:
    """What the author's own values have become; of the action's defaults as much as is needed beside."""
    own = [cause for cause in influence.causes if rules.is_own(cause.field.field.span)]
    others = [cause for cause in influence.causes if not rules.is_own(cause.field.field.span)]
    places = list(_places(influence, views, own, MOST_CONDITIONS))
    if len(places) < ENOUGH_CONDITIONS:
        places += [place for place in _places(influence, views, others, ENOUGH_CONDITIONS) if place not in places]
    return [equal(path_of(influence.views, place), at(influence.views, place)) for place in places]


def _places(influence: Influence, views: list[RequestView], causes: list[Cause], most: int) -> Iterator[RequestPath]:
    """A part of the requests for each value that was sent as it was made and is short; each part once."""
    seen: set[RequestPath] = set()
    for cause in causes:
        if len(seen) == most:
            return
        if at(cause.field.value, cause.steps) is MISSING:
            continue
        for place in parts_of(influence, cause):
            value = at(influence.views, place)
            is_told = value is not None and value is not MISSING and is_short(value) and place not in seen
            if is_told and is_sent_as_made(influence, views, place):
                seen.add(place)
                yield place
                break
