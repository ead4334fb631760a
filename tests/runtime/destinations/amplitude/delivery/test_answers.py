"""Amplitude's answers as a table: what comes back, and what the sender owes."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.runtime.delivery.disposition import (
    Delivered,
    Refused,
    Retry,
    Stop,
    Throttled,
    TooLarge,
    Unexplained,
)

from .reading import read

PAGE = b"<!doctype html><title>Hello</title>"


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("events", 200, {"code": 200, "events_ingested": 4}),
        ("batch", 200, {"code": 200, "events_ingested": 4, "server_upload_time": 1}),
        ("identify", 200, b"success"),
        ("identify", 200, b" SUCCESS\n"),
        ("groupidentify", 200, {"code": 200}),
        ("usermap", 200, b"success"),
        ("deletions", 200, [{"day": "2026-01-01"}]),
        ("other", 200, {}),
    ],
)
def test_delivered(kind: str, status: int, body: Any) -> None:
    assert read(status, body, kind) == Delivered()


@pytest.mark.parametrize(
    ("kind", "status", "body", "maybe", "overload", "suspect", "fatal"),
    [
        ("events", 200, {"code": 200, "events_ingested": 3}, True, False, True, False),
        ("events", 200, {"code": 200}, True, False, True, False),
        ("events", 200, PAGE, True, False, False, False),
        ("events", 200, b'{"code":200,"events_ing', True, False, False, False),
        ("events", 200, b"", True, False, False, False),
        ("events", 202, b"", True, False, True, False),
        ("identify", 200, PAGE, True, False, False, False),
        ("identify", 200, b"", True, False, False, False),
        ("identify", 200, {"error": "no"}, True, False, False, False),
        ("events", 408, b"", True, False, False, False),
        ("events", 500, {"error": "oh"}, True, False, False, False),
        ("events", 502, PAGE, True, False, False, False),
        ("events", 503, b"", False, True, False, False),
        ("events", 504, b"", True, False, False, False),
        ("events", 599, b"", True, False, False, False),
        ("events", 429, {"code": 429, "error": "slow down"}, False, True, False, False),
        ("events", 404, PAGE, False, False, False, True),
        ("events", 302, b"", False, False, False, True),
    ],
)
def test_again(kind: str, status: int, body: Any, maybe: bool, overload: bool, suspect: bool, fatal: bool) -> None:
    answer = read(status, body, kind)
    assert isinstance(answer, Retry)
    assert (answer.maybe_accepted, answer.overload, answer.suspect, answer.fatal) == (maybe, overload, suspect, fatal)


def test_a_redirect_says_where_it_points() -> None:
    answer = read(307, b"", headers={"location": "https://elsewhere.example/2/httpapi"})
    assert isinstance(answer, Retry)
    assert answer.reason == (
        "http_307",
        "the destination answered 307 and points to `https://elsewhere.example/2/httpapi`; redirects are not followed",
    )


@pytest.mark.parametrize(("failure", "overload"), [("connection broken", False), ("timeout", True)])
def test_no_answer_may_mean_taken(failure: str, overload: bool) -> None:
    answer = read(0, b"", failure=failure)
    assert isinstance(answer, Retry)
    assert (answer.maybe_accepted, answer.overload) == (True, overload)
    assert failure in answer.reason.message


@pytest.mark.parametrize(
    ("body", "reasons"),
    [
        ({"events_with_invalid_fields": {"time": [1, 3]}}, {1: "invalid_fields", 3: "invalid_fields"}),
        ({"events_with_missing_fields": {"event_type": [0]}}, {0: "missing_fields"}),
        ({"events_with_invalid_id_lengths": {"user_id": [0], "device_id": [2]}}, {0: "id_lengths", 2: "id_lengths"}),
        ({"silenced_events": [2]}, {2: "silenced_events"}),
        ({"silenced_devices": ["device-1"]}, {1: "silenced_devices"}),
        ({"silenced_devices": {"device-1": 1}, "silenced_events": [1]}, {1: "silenced_events"}),
        # what is not an index of this request is passed over
        ({"events_with_invalid_fields": {"time": [1, 4, -1, "2"]}, "silenced_events": None}, {1: "invalid_fields"}),
        # a list of events goes before what is said of the request as a whole
        ({"missing_field": "event_type", "events_with_missing_fields": {"event_type": [1]}}, {1: "missing_fields"}),
    ],
)
def test_refused_by_index(body: dict[str, Any], reasons: dict[int, str]) -> None:
    answer = read(400, {"code": 400, "error": "bad", **body})
    assert isinstance(answer, Refused)
    assert answer.reasons.keys() == reasons.keys()
    assert all(reasons[index] in reason.code for index, reason in answer.reasons.items())


@pytest.mark.parametrize(
    ("kind", "status", "body", "code"),
    [
        ("events", 400, {"error": "Invalid API key: abc"}, "invalid_api_key"),
        ("identify", 400, b"invalid_api_key", "invalid_api_key"),
        ("events", 400, {"error": "Request missing required field", "missing_field": "events"}, "missing_field"),
        ("events", 400, {"error": "Invalid JSON request body"}, "invalid_json"),
        ("deletions", 401, b"Unauthorized", "unauthorized"),
    ],
)
def test_stop(kind: str, status: int, body: Any, code: str) -> None:
    answer = read(status, body, kind)
    assert isinstance(answer, Stop)
    assert answer.reason.code == code
    assert "abc" not in answer.reason.message


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"error": "something"}),
        (400, PAGE),
        (400, b""),
        (400, {"events_with_invalid_fields": {"time": [9]}}),
        (403, PAGE),
    ],
)
def test_unexplained(status: int, body: Any) -> None:
    answer = read(status, body)
    assert isinstance(answer, Unexplained)
    assert len(answer.reason.message) < 260


def test_too_large() -> None:
    assert isinstance(read(413, PAGE), TooLarge)


@pytest.mark.parametrize(
    ("body", "headers", "holds"),
    [
        ({"throttled_events": [0, 2]}, {}, {0: (30, 30), 2: (30, 30)}),
        ({"throttled_events": [-1, 2, 9, "1", None]}, {}, {2: (30, 30)}),
        ({"throttled_users": {"user-1": 31}}, {}, {1: (30, 30)}),
        ({"throttled_devices": {"device-3": 31}, "throttled_users": {}}, {}, {3: (30, 30)}),
        ({"throttled_users": {"user-1": 31}}, {"retry-after": "45"}, {1: (45, 45)}),
        ({"throttled_users": {"user-1": 31}}, {"retry-after": "5"}, {1: (5, 5)}),
        ({"throttled_users": {"user-1": 31}}, {"retry-after": "0"}, {1: (1, 1)}),
        ({"exceeded_daily_quota_users": {"user-2": 500_001}}, {}, {2: (60, 3_600)}),
        ({"exceeded_daily_quota_users": {"user-2": 500_001}}, {"retry-after": "90"}, {2: (90, 90)}),
        ({"exceeded_daily_quota_devices": ["device-0"], "throttled_events": [0, 1]}, {}, {0: (60, 3_600), 1: (30, 30)}),
    ],
)
def test_held(body: dict[str, Any], headers: dict[str, str], holds: dict[int, tuple[float, float]]) -> None:
    answer = read(429, {"code": 429, "error": "Too many requests", **body}, headers=headers)
    assert isinstance(answer, Throttled)
    assert answer.holds == holds


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"error": "Request contains invalid events", "events_with_invalid_fields": {"time": [0]}},
            "the event has an invalid value in `time`; the destination says: Request contains invalid events",
        ),
        (
            {"error": "Too short\n id", "events_with_invalid_id_lengths": {"user_id": [0]}},
            "the event has a `user_id` that is too short or never accepted; the destination says: Too short id",
        ),
        ({"error": 7, "silenced_events": [0]}, "the event is blocked by the project's settings"),
        ({"error": "", "events_with_missing_fields": {"time": [0]}}, "the event misses the field `time`"),
        (
            {"error": "Blocked", "silenced_devices": ["device-0"]},
            "the device is blocked by the project's settings; the destination says: Blocked",
        ),
    ],
)
def test_the_destinations_own_words_are_kept(body: dict[str, Any], message: str) -> None:
    answer = read(400, body)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].message == message
