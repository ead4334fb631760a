"""Filters on properties: what is dropped or kept, and that the given event never changes."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.mapping.filters import Steps, drop_paths, keep_paths

Event = dict[str, Any]
EVENT: Event = {
    "type": "track",
    "properties": {"plan": "pro", "total": 5, "card": {"number": "4111", "brand": "visa"}},
    "context": {"ip": "8.8.8.8", "page": None},
}


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([("context",)], {"type": "track", "properties": EVENT["properties"]}),
        (
            [("properties", "card", "number")],
            {**EVENT, "properties": {"plan": "pro", "total": 5, "card": {"brand": "visa"}}},
        ),
        ([("context", "ip"), ("context", "page")], {**EVENT, "context": {}}),
        ([("context", "page", "url"), ("nowhere", "at", "all"), ("type", "x")], EVENT),
    ],
)
def test_dropping_takes_the_paths_out(paths: list[Steps], expected: Event) -> None:
    before = copy.deepcopy(EVENT)
    assert drop_paths(EVENT, paths) == expected
    assert before == EVENT


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([("properties", "plan")], {**EVENT, "properties": {"plan": "pro"}}),
        (
            [("properties", "plan"), ("context", "ip")],
            {**EVENT, "properties": {"plan": "pro"}, "context": {"ip": "8.8.8.8"}},
        ),
        ([("properties", "card", "brand")], {**EVENT, "properties": {"card": {"brand": "visa"}}}),
        (
            [("properties", "card"), ("properties", "card", "brand")],
            {**EVENT, "properties": {"card": EVENT["properties"]["card"]}},
        ),
        ([("properties",)], EVENT),
        ([("properties", "none")], {**EVENT, "properties": {}}),
        ([("context", "page", "url"), ("nowhere", "x")], {**EVENT, "context": {"page": None}}),
    ],
)
def test_keeping_leaves_nothing_beside_the_paths_in_their_objects(paths: list[Steps], expected: Event) -> None:
    before = copy.deepcopy(EVENT)
    assert keep_paths(EVENT, paths) == expected
    assert before == EVENT


NAMES = st.sampled_from(["a", "b", "c"])
EVENTS = st.dictionaries(
    NAMES, st.recursive(st.integers(0, 2), lambda inner: st.dictionaries(NAMES, inner), max_leaves=8)
)
PATHS = st.lists(st.lists(NAMES, min_size=1, max_size=3).map(tuple), max_size=3)


@settings(max_examples=150, deadline=None)
@given(EVENTS, PATHS)
def test_a_filter_changes_no_event_and_does_all_at_once(event: Event, paths: list[Steps]) -> None:
    before = copy.deepcopy(event)
    for filtered in (drop_paths, keep_paths):
        once = filtered(event, paths)
        assert filtered(once, paths) == once
        assert event == before


def test_filters_stand_before_the_mappings() -> None:
    mapper = rulewright.load(
        """destination amplitude
        drop when context.page.path = "/healthz"
        drop context.ip when type = "track"
        keep properties.plan
        mapping "Track" -> logEventV2 { when type = "track" use defaults }
        """,
        settings={},
    )
    event = {**EVENT, "userId": "user-1", "event": "Test"}
    (request,) = mapper(event).requests
    assert request.json is not None
    (sent,) = request.json["events"]
    assert sent["event_properties"] == {"plan": "pro"}
    assert "ip" not in sent
    assert mapper({**event, "context": {"page": {"path": "/healthz"}}}).dropped
