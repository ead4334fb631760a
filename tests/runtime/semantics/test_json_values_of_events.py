"""Events given as Python objects: each value arrives as the JSON value it stands for, or is refused by its path."""

from __future__ import annotations

import json
from collections import OrderedDict, defaultdict
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.semantics.json_values import NotJson, json_value
from tests.strategies import odd_values

from .python_values import CONVERTED, REFUSED, Color, Hostile, Silent, Size, Unequal

RULES = """
destination amplitude

mapping "Events" -> logEventV2 {
  when type = "track"
  user_id = userId
  event_type = event
  time = timestamp
  location_lat = properties.latitude
  event_properties = properties
  user_properties = { tier: context.tier, "label": "{{context.tier}}!" }
}

mapping "People" -> identifyUser {
  when type = "track" and properties.plan = "pro"
  user_id = userId
  city = context.city
  user_properties = properties
}
"""
MAPPER = rulewright.load(RULES)
EVENT = {"type": "track", "event": "Seen", "userId": "user-1"}


@pytest.mark.parametrize(("value", "expected"), CONVERTED, ids=range(len(CONVERTED)))
@pytest.mark.parametrize("checks", [True, False])
def test_an_event_of_python_values_comes_to_what_its_json_text_comes_to(
    value: Any, expected: Any, checks: bool
) -> None:
    mapper = MAPPER if checks else rulewright.load(RULES, checks=False)
    event = {**EVENT, "properties": {"plan": "pro", "value": value, "list": [{"value": value}]}}
    outcome = mapper(event)
    assert outcome.failures == []
    of_text = mapper.map_bytes(json.dumps(json_value(event)))
    assert [request.body for request in outcome.requests] == [request.body for request in of_text.requests]
    assert outcome.warnings == of_text.warnings == []
    request = outcome.requests[0]
    properties = json.loads(request.body)["events"][0]["event_properties"]
    assert properties["value"] == properties["list"][0]["value"] == expected
    if checks:
        assert request.json == json.loads(request.body)


FIELDS: list[tuple[str, Any, str, Any]] = [
    ("userId", Hostile("user-1"), "user_id", "user-1"),
    ("userId", 157963456373623809, "user_id", "157963456373623809"),
    ("userId", Decimal("157963456373623809"), "user_id", "157963456373623809"),
    ("event", Color.RED, "event_type", "red"),
    ("timestamp", datetime(2024, 5, 1, 12, tzinfo=UTC), "time", 1714564800000),
    ("timestamp", datetime(2024, 5, 1, 14, tzinfo=timezone(timedelta(hours=2))), "time", 1714564800000),
    ("timestamp", date(2024, 5, 1), "time", 1714521600000),
    ("timestamp", Decimal("1714564800000"), "time", 1714564800000),
    ("properties", OrderedDict(latitude=Decimal("1.5")), "location_lat", 1.5),
    ("properties", {"latitude": (2,)}, "location_lat", 2),
    ("context", defaultdict(str, tier=Size.SMALL), "user_properties", {"tier": 1, "label": "1!"}),
    ("context", {"tier": Decimal("2.50")}, "user_properties", {"tier": 2.5, "label": "2.5!"}),
]


@pytest.mark.parametrize(("key", "value", "field", "expected"), FIELDS, ids=range(len(FIELDS)))
def test_every_field_takes_the_converted_value(key: str, value: Any, field: str, expected: Any) -> None:
    (request,) = MAPPER({**EVENT, key: value}).requests
    assert request.json is not None
    assert request.json["events"][0][field] == expected


def test_an_event_of_a_subclass_of_dict_is_an_event() -> None:
    assert MAPPER(OrderedDict(EVENT)).requests == MAPPER(EVENT).requests
    for other in (MappingProxyType(EVENT), [EVENT], None, "{}"):
        with pytest.raises(TypeError, match="an event is an object"):
            MAPPER(other)  # type: ignore[arg-type]


def test_a_trigger_reads_the_converted_value() -> None:
    matches = rulewright.load(RULES.replace('"pro"', '"2024-05-01"'))
    assert matches({**EVENT, "properties": {"plan": date(2024, 5, 1)}}).matched == ["Events", "People"]


@pytest.mark.parametrize(("value", "what"), REFUSED, ids=[what for _, what in REFUSED])
def test_what_json_cannot_hold_is_refused_by_its_path(value: Any, what: str) -> None:
    outcome = MAPPER({**EVENT, "properties": {"plan": "pro", "list": [{"a": value}]}})
    assert outcome.requests == []
    assert [(failure.mapping, failure.field, failure.code) for failure in outcome.failures] == [
        ("Events", "event_properties.list[0].a", "not_json"),
        ("People", "user_properties.list[0].a", "not_json"),
    ]
    assert outcome.failures[0].message == f"is {what}, which is not a JSON value"
    (failure,) = MAPPER({**EVENT, "userId": value}).failures
    assert (failure.field, failure.message) == ("user_id", f"must be a string but it is {what}")


def test_what_no_rule_reads_is_not_refused() -> None:
    outcome = MAPPER({**EVENT, "messageId": {1}, "context": {"app": Silent(), "tier": "gold"}})
    assert outcome.failures == []
    assert len(outcome.requests) == 1


def test_a_value_that_a_function_reads_is_refused_at_the_rule() -> None:
    (failure,) = MAPPER({**EVENT, "context": {"tier": {1}}}).failures
    assert "a Python set" in failure.message
    assert failure.span is not None
    assert "user_properties" in failure.span.text


ODD_EVENTS: dict[str, Any] = {"a": {}, "b": {}}
ODD_EVENTS["a"]["in"] = ODD_EVENTS


@pytest.mark.parametrize("checks", [True, False])
@pytest.mark.parametrize(
    "value",
    [ODD_EVENTS, 10**5000, "\ud83d", {"\ud83d": 1}, Silent(), float("nan"), NotJson("x"), {1: 2}, lambda: 1, Unequal()],
    ids=range(10),
)
def test_nothing_that_an_event_holds_can_raise(value: Any, checks: bool) -> None:
    mapper = rulewright.load(RULES, checks=checks)
    for key in ("type", "event", "userId", "timestamp", "properties", "context", "integrations"):
        mapper({**EVENT, key: value})
        mapper({**EVENT, key: {"All": value, "consent": {"categoryPreferences": value}}})
        mapper({**EVENT, "properties": {"plan": "pro", "latitude": value, "in": {"a": [value]}}})
        mapper({**EVENT, "context": {"tier": value, "city": value}})
        odd_key: Any = value if isinstance(value, str | int) else "odd"
        mapper({**EVENT, odd_key: 1})


def endless(kind: str) -> Any:
    """Values that go on and on, or nearly so."""
    value: Any = {"leaf": 1}
    if kind == "cycle":
        value["in"] = [value]
    for _ in range({"doubled": 60, "deep": 100_000}.get(kind, 0)):
        value = {"a": value, "b": value} if kind == "doubled" else {"in": value}
    return value


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("cycle", "event_properties.x.in[0]"),
        ("doubled", "event_properties.x"),
        ("deep", "event_properties.x" + ".in" * 39),
    ],
)
def test_a_value_without_an_end_is_refused_by_its_path(kind: str, path: str) -> None:
    (failure,) = MAPPER({**EVENT, "properties": {"x": endless(kind)}}).failures
    assert failure.code == "not_json"
    assert failure.field is not None
    assert failure.field.startswith(path)
    assert len(failure.message) < 200


@pytest.mark.parametrize("levels", [40, 41, 199, 201, 300, 600, 900])
@pytest.mark.parametrize("lists", [True, False])
def test_deep_values_are_sent_alike_as_objects_and_as_text(levels: int, lists: bool) -> None:
    value: Any = 1
    for _ in range(levels):
        value = [value] if lists else {"in": value}
    event = {**EVENT, "properties": {"x": value, "plan": "pro"}}
    start, end = ("[", "]") if lists else ('{"in":', "}")
    text = json.dumps({**EVENT, "properties": {"x": "here", "plan": "pro"}})
    of_object, of_text = MAPPER(event), MAPPER.map_bytes(text.replace('"here"', start * levels + "1" + end * levels))
    assert of_object.failures == of_text.failures == []
    assert [request.body for request in of_object.requests] == [request.body for request in of_text.requests]
    assert of_object.warnings == of_text.warnings
    assert bool(of_object.warnings) == (lists or levels > 39)


def test_half_of_a_character_is_repaired_and_said_in_both_forms() -> None:
    event = {**EVENT, "event": "cut \ud83d", "properties": {"whole": "😀", "\udc00": "x"}}
    of_object, of_text = MAPPER(event), MAPPER.map_bytes(json.dumps(event))
    assert of_object.warnings == of_text.warnings
    assert [(repair.field, repair.code) for repair in of_object.warnings] == [
        ("event_type", "half_character"),
        ("event_properties.\ufffd", "half_character"),
    ]
    for outcome in (of_object, of_text):
        sent = json.loads(outcome.requests[0].body)["events"][0]
        assert sent["event_type"] == "cut \ufffd"
        assert sent["event_properties"] == {"whole": "😀", "\ufffd": "x"}


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(["type", "event", "userId", "timestamp", "properties", "context"]), odd_values))
@pytest.mark.parametrize("checks", [True, False])
def test_any_python_object_comes_to_requests_or_failures(checks: bool, odd: dict[str, Any]) -> None:
    mapper = MAPPER if checks else rulewright.load(RULES, checks=False)
    outcome = mapper({**EVENT, **odd})
    for request in outcome.requests if checks else []:
        json.loads(request.body)
        if request.json is not None:
            assert request.json == json.loads(request.body)


HUGE = {
    "1e400": float("inf"),
    "-1e400": float("-inf"),
    "9" * 4300: 10**4300 - 1,
    "1" + "0" * 4300: 10**4300,
    "-1" + "0" * 4300: -(10**4300),
    "1" + "0" * 5000: 10**5000,
    "1" + "0" * 308: 10**308,
    "1" + "0" * 309: 10**309,
}


@pytest.mark.parametrize("digits", HUGE, ids=range(len(HUGE)))
def test_a_number_beyond_all_doubles_is_repaired_alike_as_object_and_as_text(digits: str) -> None:
    of_object = MAPPER({**EVENT, "properties": {"n": HUGE[digits]}})
    of_text = MAPPER.map_bytes(json.dumps({**EVENT, "properties": {"n": "here"}}).replace('"here"', digits))
    assert of_object.failures == of_text.failures == []
    assert of_object.warnings == of_text.warnings
    assert [request.body for request in of_object.requests] == [request.body for request in of_text.requests]
    assert [repair.code for repair in of_text.warnings] == ([] if digits == "1" + "0" * 308 else ["not_finite"])


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-Infinity", "1e400, oops", "1e999x", "01e400"])
def test_text_that_is_not_json_stays_so_beside_a_huge_number(text: str) -> None:
    line = f'{{"type": "track", "event": "Seen", "userId": "user-1", "properties": {{"a": 1e400, "n": {text}}}}}'
    with pytest.raises(ValueError, match="JSON"):
        MAPPER.map_bytes(line)
