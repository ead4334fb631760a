"""The fake: as strict as Amplitude's documentation, and as forgetful as its deduplication."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest

from rulewright.runtime.destinations.amplitude.fake.faults import FaultScript
from rulewright.runtime.destinations.amplitude.fake.ledger import FakeLedger
from rulewright.runtime.destinations.amplitude.fake.replies import Reply
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from rulewright.runtime.destinations.amplitude.fake.throttle import Throttle
from rulewright.runtime.destinations.amplitude.settings import ENDPOINTS

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
GOOD = {"user_id": "user-1", "device_id": "device-1", "event_type": "Seen", "insert_id": "1"}


def deep(levels: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


def post(events: Any, fake: FakeAmplitude | None = None, **more: Any) -> Reply:
    body = json.dumps({"api_key": "k", "events": events, **more}).encode()
    return (fake or FakeAmplitude()).handle("/2/httpapi", JSON, body)


def form(path: str, field: str, value: Any, **more: str) -> Reply:
    fields = {"api_key": "k", field: json.dumps(value), **more}
    return FakeAmplitude().handle(path, FORM, urlencode(fields).encode())


def test_a_throttle_counts_each_id_over_the_last_second() -> None:
    now = [0.0]
    fake = FakeAmplitude(throttle=Throttle(2, lambda: now[0]))
    other = {**GOOD, "user_id": "user-2", "device_id": "device-2"}
    assert post([GOOD, other, GOOD], fake).status == 200
    reply = post([other, GOOD], fake)
    answer = json.loads(reply.body)
    assert reply.status == 429
    assert answer["throttled_users"] == {"user-1": 3}
    assert answer["throttled_devices"] == {"device-1": 3}
    assert answer["throttled_events"] == [1]
    assert post([other], fake).status == 200
    now[0] = 1.0
    assert post([GOOD, GOOD], fake).status == 200


@pytest.mark.parametrize(
    ("change", "kind", "field"),
    [
        ({"event_type": None}, "events_with_missing_fields", "event_type"),
        ({"event_type": 7}, "events_with_invalid_fields", "event_type"),
        ({"user_id": None, "device_id": None}, "events_with_missing_fields", "device_id"),
        ({"user_id": "abc"}, "events_with_invalid_id_lengths", "user_id"),
        ({"user_id": 12345}, "events_with_invalid_id_lengths", "user_id"),
        ({"device_id": "Unknown"}, "events_with_invalid_id_lengths", "device_id"),
        ({"time": "2026-01-01"}, "events_with_invalid_fields", "time"),
        ({"time": True}, "events_with_invalid_fields", "time"),
        ({"session_id": 1.5}, "events_with_invalid_fields", "session_id"),
        ({"event_properties": deep(41)}, "events_with_invalid_fields", "event_properties"),
        ({"event_properties": {"a": [[1]]}}, "events_with_invalid_fields", "event_properties"),
        ({"user_properties": {"a": 1, "$set": {"b": 2}}}, "events_with_invalid_fields", "user_properties"),
        ({"groups": {str(number): "a" for number in range(6)}}, "events_with_invalid_fields", "groups"),
        ({"groups": {"team": ["a"] * 11}}, "events_with_invalid_fields", "groups"),
        ({"revenue": "12"}, "events_with_invalid_fields", "revenue"),
        ({"insert_id": 7}, "events_with_invalid_fields", "insert_id"),
    ],
)
def test_events_that_are_refused(change: dict[str, Any], kind: str, field: str) -> None:
    reply = post([GOOD, {**GOOD, **change}])
    assert reply.status == 400
    assert json.loads(reply.body)[kind] == {field: [1]}


def test_events_that_are_not_refused() -> None:
    fine = {**GOOD, "event_properties": deep(40), "user_properties": {"$set": {"a": 1}, "$add": {"b": 2}}, "time": 1}
    assert json.loads(post([fine, {**GOOD, "groups": {"team": ["a"]}}]).body)["events_ingested"] == 2
    assert post([{**GOOD, "user_id": "abc"}], options={"min_id_length": 3}).status == 200
    assert post([7]).status == 400


def test_requests_that_are_refused_as_a_whole() -> None:
    fake = FakeAmplitude(api_key="right")
    cases: list[tuple[dict[str, str], bytes, int, str]] = [
        (JSON, b"{", 400, "Invalid JSON"),
        ({}, b"{}", 400, "Invalid JSON"),
        (JSON, b'{"events": [1]}', 400, '"missing_field":"api_key"'),
        (JSON, b'{"api_key": "right", "events": []}', 400, '"missing_field":"events"'),
        (JSON, b'{"api_key": "wrong", "events": [1]}', 400, "Invalid API key"),
        (JSON, b'{"api_key": "right", "events": [' + b"1," * 2_000 + b"1]}", 413, "too large"),
        (JSON, b" " * 1_000_001, 413, "too large"),
        ({**JSON, "content-encoding": "gzip"}, b"not gzip", 400, "Invalid JSON"),
        ({**JSON, "content-encoding": "br"}, b"", 415, "unknown content encoding"),
        (JSON, b'{"api_key": "right", "events": [1], "options": []}', 400, '"missing_field":"options"'),
    ]
    for headers, body, status, text in cases:
        reply = fake.handle("/2/httpapi", headers, body)
        assert (reply.status, text in reply.body.decode()) == (status, True)
    assert fake.handle("/nowhere", JSON, b"").status == 404


def test_a_compressed_body_is_read() -> None:
    body = gzip.compress(json.dumps({"api_key": "k", "events": [GOOD]}).encode())
    assert FakeAmplitude().handle("/batch", {**JSON, "content-encoding": "gzip"}, body).status == 200


def test_an_event_counts_once_for_its_insert_id_and_device() -> None:
    fake = FakeAmplitude()
    other = {**GOOD, "device_id": "device-2"}
    nameless = {name: value for name, value in GOOD.items() if name != "insert_id"}
    post([GOOD, GOOD, other, nameless, nameless], fake)
    assert (len(fake.ledger.entries), fake.ledger.duplicates) == (4, 1)
    again = FakeLedger()
    again.restore(fake.ledger.lines())
    assert again.entries == fake.ledger.entries
    assert not again.take_event("events", GOOD)


BAD_CHANGES: dict[str, dict[str, Any]] = {
    "plain beside an operation": {"a": 1, "$set": {"b": 2}},
    "an unknown operation": {"$increment": {"a": 1}},
    "Segment's word for $set": {"$setAlways": {"a": 1}},
    "an operation on no object": {"$set": 5},
    "an operation on null": {"$set": None},
    "an operation in an operation": {"$set": {"$add": {"a": 1}}},
    "a property in two operations": {"$set": {"a": 1}, "$setOnce": {"a": 1}},
    "a text that is added": {"$add": {"a": "one"}},
    "true that is added": {"$add": {"a": True}},
    "41 objects deep": deep(41),
    "41 objects deep in an operation": {"$set": deep(41)},
    "a list in a list": {"$append": {"a": [[1]]}},
}
GOOD_CHANGES: dict[str, dict[str, Any]] = {
    "plain": {"a": 1, "in $": 2},
    "operations": {"$set": {"a": 1}, "$setOnce": {"b": 1}, "$add": {"c": 1.5, "d": "2"}, "$append": {"e": [1]}},
    "all at once": {"$clearAll": "-", "$set": {"a": 1}},
    "nothing": {},
    "40 objects deep": deep(40),
    "40 objects deep in an operation": {"$set": deep(40)},
}


@pytest.mark.parametrize(
    ("changes", "status"),
    [*((change, 400) for change in BAD_CHANGES.values()), *((change, 200) for change in GOOD_CHANGES.values())],
    ids=[*BAD_CHANGES, *GOOD_CHANGES],
)
def test_properties_are_held_to_the_same_rules_everywhere(changes: dict[str, Any], status: int) -> None:
    assert post([{**GOOD, "user_properties": changes}]).status == status
    person = {"user_id": "user-1", "user_properties": changes}
    assert form("/identify", "identification", person).status == status
    assert form("/identify", "identification", [{"user_id": "user-1"}, person]).status == status
    group = {"group_type": "team", "group_value": "a", "group_properties": changes}
    assert form("/groupidentify", "identification", group).status == status


@pytest.mark.parametrize("groups", [{str(number): "a" for number in range(6)}, {"team": ["a"] * 11}])
def test_groups_are_held_to_the_same_limits_everywhere(groups: dict[str, Any]) -> None:
    assert post([{**GOOD, "groups": groups}]).status == 400
    assert form("/identify", "identification", {"user_id": "user-1", "groups": groups}).status == 400


@pytest.mark.parametrize(("endpoint", "regions"), ENDPOINTS.items())
def test_every_endpoint_answers_in_both_regions_by_its_method_alone(endpoint: str, regions: dict[str, str]) -> None:
    fake = FakeAmplitude()
    for url in regions.values():
        posted, looked_up = fake.handle(urlsplit(url).path, {}, b""), fake.look_up(urlsplit(url).path, "", {})
        refused, answered = (posted, looked_up) if endpoint == "usersearch" else (looked_up, posted)
        assert (refused.status, refused.headers) == (405, {"allow": "GET" if endpoint == "usersearch" else "POST"})
        assert answered.status in (400, 401)


def test_a_user_is_found_by_both_keys() -> None:
    fake = FakeAmplitude(api_key="key-1", secret_key="secret-1")
    body = json.dumps({"api_key": "key-1", "events": [GOOD]}).encode()
    assert fake.handle("/2/httpapi", JSON, body).status == 200

    def search(user: str, keys: str) -> tuple[int, Any]:
        basic = {"authorization": "Basic " + base64.b64encode(keys.encode()).decode()}
        reply = fake.look_up("/api/2/usersearch", urlencode({"user": user}), basic)
        return reply.status, json.loads(reply.body)["matches"] if reply.status == 200 else None

    assert search("user-1", "key-1:secret-1") == (200, [{"user_id": "user-1"}])
    assert search("user-2", "key-1:secret-1") == (200, [])
    assert search("", "key-1:secret-1")[0] == 400
    for keys in ("key-1:", "key-1:other", "other:secret-1", "key-1", ""):
        assert search("user-1", keys)[0] == 401


@pytest.mark.parametrize(
    ("path", "field", "call", "status"),
    [
        ("/identify", "identification", {"user_id": "user-1"}, 200),
        ("/identify", "identification", [{"device_id": "device-1"}] * 3, 200),
        ("/identify", "identification", {"user_properties": {}}, 400),
        ("/identify", "identification", {"user_id": "abc"}, 400),
        ("/identify", "identification", [7], 400),
        ("/identify", "identification", {"user_id": "user-1", "user_properties": deep(41)}, 400),
        ("/identify", "other", {"user_id": "user-1"}, 400),
        ("/groupidentify", "identification", {"group_type": "team", "group_value": "a"}, 200),
        ("/groupidentify", "identification", {"group_type": "team"}, 400),
        ("/groupidentify", "identification", [{"group_type": "team", "group_value": "a"}] * 1_025, 413),
        ("/usermap", "mapping", [{"user_id": "user-1", "global_user_id": "user-2"}], 200),
        ("/usermap", "mapping", [{"user_id": "user-1", "unmap": True}], 200),
        ("/usermap", "mapping", [{"user_id": "user-1"}], 400),
        ("/usermap", "mapping", [{"global_user_id": "user-1"}], 400),
    ],
)
def test_form_calls(path: str, field: str, call: Any, status: int) -> None:
    assert form(path, field, call).status == status


def test_more_than_1024_group_properties_are_refused() -> None:
    many = {"group_type": "team", "group_value": "a", "group_properties": dict.fromkeys(map(str, range(1_025)), 1)}
    assert form("/groupidentify", "identification", many).status == 400


def test_a_form_needs_its_content_type_and_key() -> None:
    assert FakeAmplitude().handle("/identify", JSON, b"").status == 400
    assert FakeAmplitude().handle("/identify", FORM, b"identification=%7B%7D").status == 400


def test_deletions_need_both_keys() -> None:
    path, body = "/api/2/deletions/users", b'{"user_ids":["user-1"]}'
    fake = FakeAmplitude(api_key="key-1")
    assert fake.handle(path, {"authorization": "Basic a2V5LTE6c2VjcmV0LTE="}, body).status == 200
    assert fake.handle(path, {"authorization": "Basic a2V5LTE6"}, body).status == 401
    assert fake.handle(path, {}, body).status == 401


def test_a_script_is_the_same_for_the_same_seed() -> None:
    first, second = (FaultScript(["500", "502"], every=3, seed=5) for _ in range(2))
    drawn = [first.draw() for _ in range(300)]
    assert drawn == [second.draw() for _ in range(300)]
    assert 60 < sum(fault is not None for fault in drawn) < 140
    assert FaultScript([]).draw() is None
    with pytest.raises(ValueError, match="`earthquake` is not a fault"):
        FaultScript(["earthquake"])
