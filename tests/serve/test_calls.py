"""What a call's body becomes: types, shared parts, IDs and times, as Segment's servers complete them."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.runtime.semantics.dates import iso_text
from rulewright.serve.calls import arrivals, events_of, passed_on, read_webhook

from .site import NOW

RECEIVED = iso_text(round(NOW * 1000))


@pytest.mark.parametrize(
    ("event", "timestamp", "original"),
    [
        ({}, RECEIVED, None),
        ({"timestamp": None}, RECEIVED, None),
        ({"timestamp": "2026-01-01T00:00:00Z"}, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        (
            {"timestamp": "2020-01-01T00:00:00Z", "sentAt": "2020-01-01T00:01:00Z"},
            "2026-02-28T23:59:00.000Z",
            "2020-01-01T00:00:00Z",
        ),
        (
            {"timestamp": "2030-01-01T01:00:00+01:00", "sentAt": "2030-01-01T00:00:00.250Z"},
            "2026-02-28T23:59:59.750Z",
            "2030-01-01T01:00:00+01:00",
        ),
        (
            {"originalTimestamp": "2020-01-01T00:00:00Z", "sentAt": "2020-01-01T00:01:00Z"},
            "2026-02-28T23:59:00.000Z",
            "2020-01-01T00:00:00Z",
        ),
        (
            {"timestamp": "2020-01-01T00:00:00Z", "originalTimestamp": "2019-01-01", "sentAt": "2020-01-01T00:01:00Z"},
            "2020-01-01T00:00:00Z",
            "2019-01-01",
        ),
        (
            {"timestamp": 1_577_836_800_000, "sentAt": 1_577_836_860_000},
            "2026-02-28T23:59:00.000Z",
            1_577_836_800_000,
        ),
        (
            {"timestamp": "2322-02-08T22:59:09.380Z", "sentAt": RECEIVED},
            "2322-02-08T22:59:09.380Z",
            "2322-02-08T22:59:09.380Z",
        ),
        ({"timestamp": "yesterday", "sentAt": "2020-01-01T00:01:00Z"}, "yesterday", "yesterday"),
        ({"timestamp": "2026-01-01T00:00:00Z", "sentAt": "now"}, "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
        ({"timestamp": True, "sentAt": "2020-01-01T00:01:00Z"}, True, True),
        ({"timestamp": {"a": 1}, "sentAt": "2020-01-01T00:01:00Z"}, {"a": 1}, {"a": 1}),
        (
            {"timestamp": "0001-01-01T00:00:00Z", "sentAt": "9999-12-31T23:59:59Z"},
            "0001-01-01T00:00:00Z",
            "0001-01-01T00:00:00Z",
        ),
    ],
)
def test_times(event: dict[str, Any], timestamp: object, original: object) -> None:
    (arrival,) = arrivals([event], "web", NOW)
    assert isinstance(arrival.event, dict)
    assert arrival.event["timestamp"] == timestamp
    assert arrival.event.get("originalTimestamp") == original
    assert arrival.event["receivedAt"] == RECEIVED


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [("m-1", "m-1"), (5, "5"), ("", None), ("  ", None), (None, None), (True, None), ([1], None), (1.5, None)],
)
def test_an_event_without_an_id_gets_one(given_id: object, expected: str | None) -> None:
    first, second = arrivals([{"messageId": given_id}, {"messageId": given_id}], "web", NOW)
    assert isinstance(first.event, dict)
    if expected is not None:
        assert first.message_id == second.message_id == expected
        assert first.event["messageId"] == given_id
    else:
        assert first.message_id != second.message_id
        assert first.event["messageId"] == first.message_id


def test_a_batch_gives_its_events_what_they_share() -> None:
    content = {
        "batch": [{"sentAt": "own"}, {"context": 5}, {"context": {"a": {"y": 2}}, "integrations": {"All": True}}],
        "context": {"a": {"x": 1, "y": 1}, "b": 1},
        "integrations": {"All": False, "X": False},
        "sentAt": "shared",
        "writeKey": "key",
    }
    assert events_of("batch", content, b"") == [
        {"sentAt": "own", "context": {"a": {"x": 1, "y": 1}, "b": 1}, "integrations": {"All": False, "X": False}},
        {"sentAt": "shared", "context": 5, "integrations": {"All": False, "X": False}},
        {
            "sentAt": "shared",
            "context": {"a": {"x": 1, "y": 2}, "b": 1},
            "integrations": {"All": True, "X": False},
        },
    ]


def test_what_is_shared_is_not_one_object() -> None:
    first, second = events_of("batch", {"batch": [{}, {}], "context": {"a": 1}}, b"")
    first["context"]["a"] = 2
    assert second["context"] == {"a": 1}


def test_an_event_of_a_webhook_keeps_what_segment_completed() -> None:
    event = {"messageId": "m", "receivedAt": "r", "timestamp": "t", "sentAt": "s", "originalTimestamp": "o"}
    (arrival,) = passed_on([dict(event)], "segment", NOW)
    assert arrival.event == event
    (bare,) = passed_on(read_webhook(b' {"type":"track"}'), "segment", NOW)
    assert isinstance(bare.event, dict)
    assert (bare.event["receivedAt"], bare.event["timestamp"]) == (RECEIVED, RECEIVED)
