"""What matches nothing and is not an event of Segment is said: batches, envelopes, and objects without a type."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright import load
from rulewright.runtime.mapping.account import Account
from rulewright.runtime.mapping.lines import map_lines
from rulewright.runtime.semantics.event import EVENT_TYPES
from rulewright.runtime.unrecognized import MOST_KINDS, Unrecognized, UnrecognizedEvents, unrecognized
from tests.runtime.delivery.hostile import Faceless

EVENT = {"type": "track", "event": "Order", "userId": "user-1"}
TEXT = json.dumps(EVENT)
BASE64 = base64.b64encode(TEXT.encode()).decode()
TYPES = "expected `track`, `identify`, `page`, `screen`, `group` or `alias`"

CASES: dict[str, tuple[dict[str, Any], Unrecognized | None]] = {
    **{kind: ({"type": kind}, None) for kind in EVENT_TYPES},
    "an event that holds another": ({**EVENT, "properties": {"first": EVENT}}, None),
    "an empty object": ({}, Unrecognized("type", "no_type", f"has no value; {TYPES}")),
    "a type of null": ({**EVENT, "type": None}, Unrecognized("type", "no_type", f"has no value; {TYPES}")),
    "a key in other letters": (
        {"Type": "track"},
        Unrecognized("type", "no_type", f'has no value; {TYPES}, found the key "Type"'),
    ),
    "a type in other letters": ({"type": "Track"}, Unrecognized("type", "unknown_type", f'{TYPES}, found "Track"')),
    "a type that is not text": ({"type": ["track"]}, Unrecognized("type", "unknown_type", f'{TYPES}, found ["track"]')),
    "a song": (
        {"event": "Played", "properties": {"type": "track"}},
        Unrecognized("type", "no_type", f"has no value; {TYPES}"),
    ),
    "a batch of Segment": (
        {"batch": [EVENT, EVENT], "sentAt": "now"},
        Unrecognized(
            "batch",
            "batch",
            "holds a batch of 2 events; put batches of Segment's API into an input of their own, which is read event by"
            " event",
        ),
    ),
    "events of another tool": (
        {"meta": {"page": 1}, "events": [EVENT] * 20},
        Unrecognized(
            "events", "batch", "holds a batch of 20 events; unpack such lines first: `jq -c '(.events[])? // .'`"
        ),
    ),
    "records of Kinesis": (
        {"Records": [{"kinesis": {"data": BASE64}}, {"kinesis": {"data": BASE64}}]},
        Unrecognized(
            "Records.kinesis.data",
            "batch",
            "holds a batch of 2 events; unpack such lines first: "
            "`jq -c '(.Records[].kinesis.data | @base64d | fromjson)? // .'`",
        ),
    ),
    "Kafka Connect": (
        {"schema": None, "payload": EVENT},
        Unrecognized(
            "payload", "wrapped", "holds the event itself; unpack such lines first: `jq -c '(.payload)? // .'`"
        ),
    ),
    "CloudEvents": (
        {"type": "com.shop.order", "specversion": "1.0", "data": EVENT},
        Unrecognized("data", "wrapped", "holds the event itself; unpack such lines first: `jq -c '(.data)? // .'`"),
    ),
    "SNS": (
        {"Type": "Notification", "Message": TEXT},
        Unrecognized(
            "Message",
            "wrapped",
            "holds the event itself; unpack such lines first: `jq -c '(.Message | fromjson)? // .'`",
        ),
    ),
    "SNS in SQS": (
        {"Body": json.dumps({"Type": "Notification", "Message": TEXT})},
        Unrecognized(
            "Body.Message",
            "wrapped",
            "holds the event itself; unpack such lines first: `jq -c '(.Body | fromjson.Message | fromjson)? // .'`",
        ),
    ),
    "Pub/Sub": (
        {"message": {"data": BASE64, "messageId": "1"}, "subscription": "s"},
        Unrecognized(
            "message.data",
            "wrapped",
            "holds the event itself; unpack such lines first: `jq -c '(.message.data | @base64d | fromjson)? // .'`",
        ),
    ),
    "a key that jq quotes": (
        {"the event": EVENT},
        Unrecognized(
            "the event",
            "wrapped",
            "holds the event itself; unpack such lines first: `jq -c '(.[\"the event\"])? // .'`",
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_what_is_in_place_of_an_event(name: str) -> None:
    event, description = CASES[name]
    assert unrecognized(event) == description


RULES = """
destination amplitude

mapping "Orders" -> logEventV2 {
  when %s
  event_type = "Order"
  user_id = userId
}
"""


MAPPERS = {
    trigger: load(RULES % trigger)
    for trigger in ('type = "track"', 'event = "Order"', "type != null and event = $.event")
}


@pytest.mark.parametrize("trigger", MAPPERS)
@pytest.mark.parametrize("name", CASES)
def test_a_mapper_says_it_of_an_event_that_no_mapping_takes(name: str, trigger: str) -> None:
    event, description = CASES[name]
    mapper = MAPPERS[trigger]
    outcome = mapper(event)
    assert outcome.unrecognized == (None if outcome.matched else description)
    assert mapper.map_bytes(json.dumps(event)).unrecognized == outcome.unrecognized


def test_what_is_dropped_or_opted_out_is_not_said() -> None:
    mapper = load(RULES.replace("mapping", "drop when type = null\n\nmapping", 1) % 'type = "track"')
    for event in ({"a": 1}, {"a": 1, "integrations": {"All": False}}):
        assert (mapper(event).dropped, mapper(event).unrecognized) == (True, None)


def test_a_text_whose_unread_part_is_is_damaged_is_said_like_any_other() -> None:
    outcome = MAPPERS['type = "track"'].map_bytes(b'{"name": "\xff"}')
    assert (outcome.matched, outcome.unrecognized and outcome.unrecognized.code) == ([], "no_type")


ENVELOPES: dict[str, Callable[[Any, str], dict[str, Any]]] = {
    "key": lambda inner, key: {key: inner},
    "list": lambda inner, key: {key: [inner, inner]},
    "text": lambda inner, key: {key: json.dumps(inner)},
    "base64": lambda inner, key: {key: base64.b64encode(json.dumps(inner).encode()).decode()},
    "URL-safe base64": lambda inner, key: {
        key: base64.urlsafe_b64encode(json.dumps(inner, ensure_ascii=False).encode()).decode().rstrip("=")
    },
}
KEYS = st.text(min_size=1, max_size=5).filter(lambda key: key.lower() != "type")
EVENTS = st.builds(
    lambda kind, user, text: {"type": kind, "userId": user, "traits": {"text": text}},
    st.sampled_from(EVENT_TYPES),
    st.text(max_size=5),
    st.text(max_size=20),
)


@given(EVENTS, KEYS, KEYS, st.sampled_from(sorted(ENVELOPES)), st.sampled_from(["key", "list"]), st.booleans())
@settings(max_examples=200)
def test_an_event_is_found_in_every_envelope(
    event: dict[str, Any], key: str, outer: str, form: str, outer_form: str, deep: bool
) -> None:
    wrapped = ENVELOPES[form](event, key)
    path = key
    if deep:
        wrapped, path = ENVELOPES[outer_form](wrapped, outer), f"{outer}.{key}"
    reason = unrecognized({"id": 1, **wrapped})
    assert reason is not None
    several = form == "list" or (deep and outer_form == "list")
    assert (reason.field, reason.code) == (path, "batch" if several else "wrapped")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("e30="),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4) | st.just("type"), inner, max_size=3)
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=4) | st.just("type"), JSON, max_size=4))
def test_every_object_without_a_type_is_said(event: dict[str, Any]) -> None:
    reason = unrecognized(event)
    assert (reason is None) == (event.get("type") in EVENT_TYPES)


def test_the_account_names_each_kind_and_its_first_line() -> None:
    account = Account()
    lines = [json.dumps(event).encode() for event in (EVENT, {"events": [EVENT]}, {"events": [EVENT]}, {"a": 1})]
    map_lines(MAPPERS['type = "track"'], lines, lambda line: None, account)
    halves = Account()
    for first in (1, 3):
        half = Account()
        map_lines(MAPPERS['type = "track"'], lines[first - 1 : first + 1], lambda line: None, half, first)
        halves.merge(half)
    assert [*halves.sentences()] == [*account.sentences()] == [
        "4 events: 1 matched (1 request), 3 matched nothing, 0 dropped by a filter, 0 failed",
        "matched nothing because they are not events of Segment (3 events):",
        "  2  events: holds a batch of 1 event; unpack such lines first: `jq -c '(.events[])? // .'`"
        "        first at line 2",
        f"  1  type: has no value; {TYPES}        first at line 4",
    ]  # fmt: skip
    assert [(group["field"], group["count"]) for group in account.as_dict()["unrecognized"]] == [
        ("events", 2), ("type", 1),
    ]  # fmt: skip
    assert (account.useless, account.went_well) == (False, False)


def test_kinds_beyond_a_bound_are_counted_together() -> None:
    events = UnrecognizedEvents()
    for number in range(MOST_KINDS + 10):
        events.add(Unrecognized(f"key{number}", "wrapped", "holds the event itself"))
    assert (len(events), len([*events.sentences()])) == (MOST_KINDS + 10, MOST_KINDS + 1)
    assert next(events.sentences()).startswith("10 events are not events of Segment: `other paths`")


class _Text(str):
    __slots__ = ()


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize(
    ("kind", "code"),
    [(Faceless(), "unknown_type"), (_Text("pagge"), "unknown_type"), (_Text("page"), None), ("page", None)],
    ids=["a class that raises", "a text of another class", "a type of another class", "a type"],
)
def test_a_type_of_another_class_is_asked_nothing(kind: object, code: str | None, checks: bool) -> None:
    mapper = load(
        'destination amplitude\nmapping "A" -> logEventV2 {\n  when type = "track"\n  use defaults\n}\n', checks=checks
    )
    outcome = mapper({"type": kind, "userId": "user-1"})
    assert (outcome.unrecognized and outcome.unrecognized.code, outcome.failures) == (code, [])
