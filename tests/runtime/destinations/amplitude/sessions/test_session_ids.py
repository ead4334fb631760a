"""Each event gets the ID of its session, by its own time, wherever in the order it comes."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.destinations.amplitude.sessions.session_ids import (
    INTEGRATION,
    MOBILE,
    WEB,
    SessionMapper,
    SessionRules,
    Sessions,
    time_of,
)
from rulewright.runtime.destinations.amplitude.sessions.store import MemoryStore, SessionStore, SqliteStore
from rulewright.runtime.semantics.dates import iso_text
from tests.strategies import events, hostile_events

from .timed_events import HALF_AN_HOUR, NOON, Event, at, session_of, sessions_of


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SessionStore]:
    if request.param == "memory":
        yield MemoryStore()
    else:
        with SqliteStore(tmp_path / "sessions.sqlite") as kept:
            yield kept


TABLE: dict[str, tuple[list[int], list[int]]] = {
    "a session begins with its first event": ([0], [0]),
    "it goes on": ([0, 1000, 2000], [0, 0, 0]),
    "just before the end": ([0, HALF_AN_HOUR - 1], [0, 0]),
    "stale exactly at the boundary": ([0, HALF_AN_HOUR], [0, HALF_AN_HOUR]),
    "each event puts the end off": ([0, HALF_AN_HOUR - 1, 2 * HALF_AN_HOUR - 2], [0, 0, 0]),
    "a late event is of the session": ([0, 5000, 3000], [0, 0, 0]),
    "a late event does not put the end off": ([0, 5000, 3000, HALF_AN_HOUR + 5000], [0, 0, 0, HALF_AN_HOUR + 5000]),
    "an event shortly before the start": ([5000, 0], [5000, 5000]),
    "the start was sent and stays": ([5000, 0, 6000], [5000, 5000, 5000]),
    "an event long before all": ([HALF_AN_HOUR, 0], [HALF_AN_HOUR, -1 - NOON]),
    "a late event of the session before": ([0, 1000, 4_000_000, 2000], [0, 0, 4_000_000, 0]),
    "between two sessions, of neither": ([0, 9_000_000, 4_000_000], [0, 9_000_000, -1 - NOON]),
    "the same event again": ([0, 0], [0, 0]),
}


@pytest.mark.parametrize(("times", "expected"), TABLE.values(), ids=TABLE.keys())
def test_an_event_is_of_the_session_of_its_time(times: list[int], expected: list[int], store: SessionStore) -> None:
    assert sessions_of(times, store) == [NOON + start for start in expected]


def test_users_have_sessions_of_their_own(store: SessionStore) -> None:
    stage = Sessions(store=store)
    by_device = at(NOON, context={"device": {"id": "d-1"}})
    by_user = {key: value for key, value in at(NOON + 2).items() if key != "anonymousId"} | {"userId": "anon-1"}
    events = [by_device, at(NOON + 1), by_user, at(NOON + 3, context={"device": None}), at(NOON + 4, context=[])]
    assert [session_of(stage.enrich(event)[0]) for event in events] == [NOON, NOON + 1, NOON + 2, NOON + 1, NOON + 1]


@pytest.mark.parametrize(
    "event",
    [
        {"anonymousId": "12345", "context": {"device": {"id": " "}}},
        {"anonymousId": ["12345"], "context": {"device": {"id": [None]}}},
        {"anonymousId": 12345, "userId": "user-1"},
        {"context": {"device": {"id": 12345.0}}, "anonymousId": "anon-1"},
    ],
)
def test_the_id_of_a_session_is_read_as_the_field_reads_it(event: Event) -> None:
    stage = Sessions()
    stage.enrich(at(NOON, anonymousId="12345"))
    assert session_of(stage.enrich(at(NOON + 1000, **event))[0]) == NOON


@pytest.mark.parametrize(
    "event",
    [
        {"type": "screen", "anonymousId": "anon-1", "timestamp": NOON},
        {"type": {"is": "track"}, "anonymousId": "anon-1", "timestamp": NOON},
        {"type": ["track"], "anonymousId": "anon-1", "timestamp": NOON},
        {"type": "track", "timestamp": NOON},
        {"type": "track", "anonymousId": {"id": 5}, "timestamp": NOON},
        {
            "type": "track",
            "anonymousId": [" "],
            "userId": "\u200b",
            "context": {"device": {"id": " "}},
            "timestamp": NOON,
        },
        {"type": "track", "anonymousId": "anon-1", "timestamp": "soon"},
        {},
    ],
)
def test_an_event_without_type_user_or_time_goes_on_as_it_is(event: Event) -> None:
    assert Sessions().enrich(event) == [event]


@given(events | hostile_events, st.sampled_from((WEB, MOBILE)), st.none() | st.integers(0, 10**16))
def test_any_event_goes_on_with_the_id_of_its_session_at_most(
    event: Event, rules: SessionRules, timestamp: int | None
) -> None:
    if timestamp is not None:
        event["timestamp"] = timestamp
    before = repr(event)
    *told, enriched = Sessions(rules).enrich(event)
    assert repr(event) == before
    assert [one["event"] for one in told] in ([], ["session_start"])
    changed = {key for key in enriched if enriched[key] is not event.get(key, enriched)}
    assert changed <= {"integrations", "properties"}


@pytest.mark.parametrize("timestamp", ["-1", "s-5", 5, -1, 0, "", "5 March 2024", [""]])
def test_a_timestamp_that_is_not_a_time_is_passed_over(timestamp: Any) -> None:
    assert time_of({"timestamp": timestamp, "sentAt": "2024-05-01T00:00:00Z"}) == 1714521600000


def test_the_time_of_an_event_is_read_as_the_field_reads_it() -> None:
    for timestamp in (1714521600000, "1714521600000", 1714521600, ["2024-05-01"]):
        assert time_of({"timestamp": timestamp}) == 1714521600000


def test_the_time_is_the_events_own() -> None:
    event = {"type": "track", "anonymousId": "anon-1", "timestamp": None, "sentAt": NOON}
    assert session_of(Sessions().enrich(event)[0]) == NOON


@pytest.mark.parametrize(
    ("integrations", "expected"),
    [
        ({}, {INTEGRATION: {"session_id": NOON}}),
        ({"All": True}, {"All": True, INTEGRATION: {"session_id": NOON}}),
        ({"All": False}, {"All": False}),
        ({"All": False, INTEGRATION: False}, {"All": False, INTEGRATION: False}),
        ({"All": False, INTEGRATION: True}, {"All": False, INTEGRATION: {"session_id": NOON}}),
        ({"All": False, INTEGRATION: {}}, {"All": False, INTEGRATION: {"session_id": NOON}}),
        ({INTEGRATION: {"other": 1}}, {INTEGRATION: {"other": 1, "session_id": NOON}}),
        ({INTEGRATION: {"other": 1, "session_id": 2}}, {INTEGRATION: {"other": 1, "session_id": 2}}),
        ({INTEGRATION: {"session_id": "2"}}, {INTEGRATION: {"session_id": "2"}}),
        ({INTEGRATION: {"session_id": -1}}, {INTEGRATION: {"session_id": -1}}),
        ({INTEGRATION: {"session_id": None}}, {INTEGRATION: {"session_id": NOON}}),
        ({INTEGRATION: {"session_id": ""}}, {INTEGRATION: {"session_id": NOON}}),
        ({INTEGRATION: {"session_id": [" "]}}, {INTEGRATION: {"session_id": NOON}}),
        ({INTEGRATION: {"session_id": 0}}, {INTEGRATION: {"session_id": NOON}}),
        ({INTEGRATION: {"session_id": "s-5"}}, {INTEGRATION: {"session_id": "s-5"}}),
        ("odd", {INTEGRATION: {"session_id": NOON}}),
    ],
)
def test_the_session_id_is_at_the_path_that_the_plugin_uses(integrations: Any, expected: Any) -> None:
    event = at(NOON, integrations=integrations)
    before = copy.deepcopy(event)
    (enriched,) = Sessions().enrich(event)
    assert enriched["integrations"] == expected
    assert event == before


def test_starts_and_ends_are_told_when_asked() -> None:
    stage = Sessions(SessionRules(announces=True))
    told, first = stage.enrich(at(NOON, userId="u-1", context={"ip": "8.8.8.8"}, integrations={"All": True}))
    assert told == {
        "type": "track",
        "event": "session_started",
        "messageId": f"session_started-{NOON}-device:anon-1",
        "timestamp": iso_text(NOON),
        "properties": {},
        "userId": "u-1",
        "anonymousId": "anon-1",
        "context": {"ip": "8.8.8.8"},
        "integrations": {"All": True, INTEGRATION: {"session_id": NOON}},
    }
    assert first["event"] == "Test"
    assert len(stage.enrich(at(NOON + 1000))) == 1
    later = NOON + 1000 + HALF_AN_HOUR
    ended, started, second = stage.enrich(at(later))
    assert (ended["event"], ended["timestamp"], session_of(ended)) == ("session_ended", iso_text(NOON + 1000), NOON)
    assert (started["event"], started["timestamp"], session_of(started)) == ("session_started", iso_text(later), later)
    assert session_of(second) == later


def test_mobile_sessions_are_shorter_and_always_told() -> None:
    stage = Sessions(MOBILE)
    events = [
        *stage.enrich(at(NOON, type="screen")),
        *stage.enrich(at(NOON + 299_999)),
        *stage.enrich(at(NOON + 599_999)),
    ]
    assert [(event["event"], session_of(event)) for event in events] == [
        ("session_start", NOON),
        ("Test", NOON),
        ("Test", NOON),
        ("session_end", NOON),
        ("session_start", NOON + 599_999),
        ("Test", NOON + 599_999),
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 200), max_size=20), st.integers(1, 60))
def test_in_order_a_session_is_a_run_without_a_gap(times: list[int], length: int) -> None:
    ordered = sorted(times)
    expected: list[int] = []
    for index, time in enumerate(ordered):
        goes_on = index > 0 and time - ordered[index - 1] < length
        expected.append(expected[-1] if goes_on else NOON + time)
    assert sessions_of(ordered, rules=SessionRules(length=length)) == expected


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 200), max_size=20), st.integers(1, 60))
def test_in_any_order_an_event_is_never_of_a_session_out_of_its_reach(times: list[int], length: int) -> None:
    sessions = sessions_of(times, rules=SessionRules(length=length))
    for time, session in zip(times, sessions, strict=True):
        if session != -1:
            assert session is not None
            of_it = sorted(NOON + other for other, its in zip(times, sessions, strict=True) if its == session)
            assert session in of_it
            assert all(later - earlier < length for earlier, later in pairwise(of_it)), (
                time,
                of_it,
            )


RULES = """destination amplitude
mapping "Track" -> logEventV2 { when type = "track" use defaults }
mapping "Sessions" -> sessionId { use defaults when type = "track" sessionLength = 1000 triggerSessionEvents = true }
"""


def test_the_rules_ask_for_sessions_by_the_fields_of_the_session_plugin() -> None:
    quoted = RULES.replace("sessionLength = 1000", 'sessionLength = "1000"')
    mapper = rulewright.load(RULES, settings={})
    stage, as_text = Sessions.of(mapper), Sessions.of(rulewright.load(quoted, settings={}))
    assert stage is not None
    assert as_text is not None
    assert as_text.rules == stage.rules
    assert stage.rules == SessionRules(length=1000, announces=True)
    in_sessions = SessionMapper(mapper, stage)
    first = in_sessions(at(NOON, userId="user-1"))
    assert first.matched == ["Track", "Sessions"] * 2
    events = [request.json["events"][0] for request in first.requests if request.json]
    assert [(event["event_type"], event["session_id"]) for event in events] == [
        ("session_started", NOON),
        ("Test", NOON),
    ]
    line = b'{"type": "track", "event": "Next", "anonymousId": "anon-1", "timestamp": "2024-05-01T12:00:00.500Z"}'
    (request,) = in_sessions.map_bytes(line).requests
    assert request.json is not None
    assert request.json["events"][0]["session_id"] == NOON
    with pytest.raises(ValueError, match="a JSON object"):
        in_sessions.map_bytes(b"[]")


def test_what_is_not_an_event_of_segment_is_named_with_sessions_as_without() -> None:
    mapper = rulewright.load(RULES, settings={})
    stage = Sessions.of(mapper)
    assert stage is not None
    batch = {"batch": [at(NOON, userId="user-1")]}
    assert mapper(batch).unrecognized is not None
    assert SessionMapper(mapper, stage)(batch) == mapper(batch)


def test_rules_without_the_plugin_ask_for_none() -> None:
    mapper = rulewright.load('destination amplitude\nmapping "T" -> logEventV2 { when type = "track" use defaults }')
    assert Sessions.of(mapper) is None


@pytest.mark.parametrize(
    ("told", "announces"), [("true", True), ('"true"', True), ("false", False), ('"false"', False), ("null", False)]
)
def test_what_is_quoted_means_what_it_says(told: str, announces: bool) -> None:
    rules = RULES.replace("triggerSessionEvents = true", f"triggerSessionEvents = {told}")
    stage = Sessions.of(rulewright.load(rules, settings={}))
    assert stage is not None
    assert stage.rules == replace(WEB, length=1000, announces=announces)


def test_a_far_time_stays_a_number() -> None:
    assert iso_text(8_640_000_000_000_000) == 8_640_000_000_000_000
