"""A failure that an action finds long after a value was put in its place is shown where the rules say its field."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.action import Action
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.mapper import Mapper
from rulewright.runtime.mapping.source_map import SourceMap
from tests.paths import ROOT

FOUND_BY_ACTIONS = """destination amplitude

mapping "Purchase" -> logPurchase {
  when type = "track"
  use defaults
  user_id    = userId
  device_id  = omit
  session_id = properties.session
  groups     = { company: properties.company, "job title": "x" }
  products   = [
    { price: p.price, quantity: p.quantity, note: p.note } for p in properties.products if p.price != "skip"
  ]
  event_properties = {
    a: properties.a,
    "b c": { d: properties.d, e: [properties.e, properties.f] }
  }
  user_properties = omit
}

mapping "Identify" -> identifyUser {
  when type = "identify"
  device_id       = anonymousId
  user_properties = { "$set": traits, "$append": { seen: context.page.title } }
  setOnce         = { first: context.page.url, initial_utm_source: context.campaign.source }
  utm_properties  = { utm_source: context.campaign.source, utm_term: context.campaign.term }
  referrer        = context.page.referrer
  add             = properties.counts
  userAgent       = context.userAgent
  includeRawUserAgent = true
  min_id_length   = 1
}

mapping "Group" -> groupIdentifyUser {
  when type = "group"
  user_id     = userId
  group_type  = "org"
  group_value = groupId
  group_properties = traits
  time = timestamp
}

mapping "Alias" -> mapUser {
  when type = "alias"
  user_id        = previousId
  global_user_id = userId
}
"""
REFUSING = {"apiKey": "KEY", "nestedLists": "refuse"}
DEEP: Any = {"a": [["b"]]}
TRACKED = {"type": "track", "event": "Order", "userId": "user-1", "timestamp": "2024-01-01T00:00:00Z"}
LISTED = {"price": 1, "quantity": 2}
ACTIONS: list[tuple[dict[str, Any], str, str, str | None]] = [
    ({"userId": "ab"}, "user_id", "short_id", "userId"),
    ({"userId": None}, "user_id", "no_id", "userId"),
    ({"userId": "none"}, "user_id", "forbidden_id", "userId"),
    ({"event": None}, "event_type", "missing_field", "event"),
    ({"timestamp": "yesterday"}, "time", "wrong_type", "timestamp"),
    ({"timestamp": "1901-01-01T00:00:00Z"}, "time", "not_a_time", "timestamp"),
    ({"properties": {"session": "s-5"}}, "session_id", "wrong_type", "properties.session"),
    ({"properties": {"a": DEEP}}, "event_properties.a.a[0]", "nested_list", "properties.a"),
    ({"properties": {"d": DEEP}}, "event_properties.b c.d.a[0]", "nested_list", "properties.d"),
    ({"properties": {"f": DEEP}}, "event_properties.b c.e[1].a[0]", "nested_list", "properties.f"),
    ({"properties": {"products": [LISTED, {"price": "abc"}]}}, "products[1].price", "wrong_type", "p.price"),
    ({"properties": {"products": [LISTED, {"quantity": {}}]}}, "products[1].quantity", "wrong_type", "p.quantity"),
    ({"properties": {"products": {"price": "abc"}}}, "products[0].price", "wrong_type", "p.price"),
    (
        {"properties": {"products": [{"price": "skip"}, LISTED, {"price": []}]}},
        "products[1].price", "wrong_type", "p.price",
    ),
    (
        {"properties": {"products": [LISTED, {"note": DEEP}]}},
        "events[2].event_properties.note.a[0]", "nested_list", "p.note",
    ),
    ({"properties": {"products": ["x", {"price": [[1], 2]}]}}, "products[1].price", "wrong_type", "p.price"),
    ({"type": "identify", "anonymousId": "a", "traits": DEEP}, "user_properties.$set.a[0]", "nested_list", "traits"),
    ({"type": "identify", "traits": 5}, "user_properties.$set", "bad_operation", "traits"),
    ({"type": "identify", "userId": None}, "user_id", "no_id", "anonymousId"),
    (
        {"type": "identify", "anonymousId": "a", "context": {"page": {"title": DEEP}}},
        "user_properties.$append.seen.a[0]", "nested_list", "context.page.title",
    ),
    (
        {"type": "identify", "anonymousId": "a", "properties": {"counts": {"n": "many"}}},
        "user_properties.$add.n", "bad_operation", "properties.counts",
    ),
    ({"type": "group", "groupId": None}, "group_value", "missing_field", "groupId"),
    ({"type": "group", "groupId": "g", "timestamp": "x"}, "time", "wrong_type", "timestamp"),
    ({"type": "group", "groupId": "g", "traits": DEEP}, "group_properties.a[0]", "nested_list", "traits"),
    ({"type": "group", "groupId": "g", "userId": "ab"}, "user_id", "short_id", "userId"),
    ({"type": "alias", "previousId": "user-0", "userId": ""}, "global_user_id", "no_id", "userId"),
]  # fmt: skip


@pytest.fixture(scope="module")
def acting(tmp_path_factory: pytest.TempPathFactory) -> list[rulewright.Mapper]:
    """The rules as they were just compiled, as the cache has them, and as the module that `compile` writes."""
    path = tmp_path_factory.mktemp("rules") / "shop.rules"
    path.write_text(FOUND_BY_ACTIONS, encoding="utf-8")
    names: dict[str, Any] = {"__name__": "shop"}
    exec(compile(rulewright.compile_source(path), "shop.py", "exec"), names)  # noqa: S102
    mappers = [rulewright.load(path, settings=REFUSING) for _ in range(2)]
    return [*mappers, rulewright.Mapper(names["PROGRAM"], settings=REFUSING)]


@pytest.mark.parametrize(("event", "field", "code", "marked"), ACTIONS)
def test_what_an_action_finds_is_shown_where_the_rules_say_the_field(
    acting: list[rulewright.Mapper], event: dict[str, Any], field: str, code: str, marked: str
) -> None:
    whole = {**TRACKED, **event}
    for mapper in acting:
        for outcome in (mapper(whole), mapper.map_bytes(json.dumps(whole))):
            (failure,) = outcome.failures
            assert (failure.field, failure.code) == (field, code)
            assert failure.span is not None
            assert failure.span.text[failure.span.column - 1 : failure.span.end_column - 1] == marked


def test_a_field_of_the_defaults_is_shown_where_the_defaults_say_it(acting: list[rulewright.Mapper]) -> None:
    (failure,) = acting[0]({**TRACKED, "timestamp": "yesterday"}).failures
    assert failure.span is not None
    assert failure.span.file == "amplitude/defaults/logPurchase.rules"
    assert failure.text.splitlines()[0] == 'time: must be a time but it is a string: "yesterday"'
    assert failure.text.splitlines()[2].split() == ["time", "=", "timestamp"]


PURCHASE = DESTINATIONS["amplitude"].actions["logPurchase"]
IDENTIFY = DESTINATIONS["amplitude"].actions["identifyUser"]
GROUP = DESTINATIONS["amplitude"].actions["groupIdentifyUser"]


@pytest.mark.parametrize(
    ("path", "action", "known", "expected"),
    [
        ("time", IDENTIFY, ["time"], "time"),
        ("products[3].price", PURCHASE, ["products", "products[].price"], "products[].price"),
        ("products[3].price", PURCHASE, ["products", "products[].price", "products[3].price"], "products[3].price"),
        ("products[3].price", PURCHASE, ["products", "products[3]"], "products[3]"),
        ("products[3].price", PURCHASE, ["products"], "products"),
        ("event_properties.a.b", PURCHASE, ["event_properties.a", "event_properties"], "event_properties.a"),
        ("user_properties.$setOnce.plan", IDENTIFY, ["setOnce", "utm_properties"], "setOnce"),
        ("user_properties.$setOnce.plan", IDENTIFY, ["setOnce.plan", "setOnce"], "setOnce.plan"),
        ("user_properties.$set.plan", IDENTIFY, ["setAlways", "user_properties"], "setAlways"),
        ("user_properties.$set.plan", IDENTIFY, ["user_properties.$set", "setAlways"], "user_properties.$set"),
        ("user_properties.$add.n", IDENTIFY, ["add"], "add"),
        ("user_properties.$setOnce.initial_utm_term", PURCHASE, ["utm_properties.utm_term"], "utm_properties.utm_term"),
        ("user_properties.$set.utm_term", PURCHASE, ["utm_properties"], "utm_properties"),
        ("user_properties.$setOnce.initial_referrer", PURCHASE, ["utm_properties", "referrer"], "referrer"),
        ("user_properties.plan", IDENTIFY, ["user_properties", "setOnce"], "user_properties"),
        ("user_agent", IDENTIFY, ["userAgent"], "userAgent"),
        ("user_id", IDENTIFY, ["device_id"], "device_id"),
        ("groups.org", GROUP, ["group_value"], "group_value"),
        ("revenue", PURCHASE, ["price"], "price"),
        ("events[2].event_properties.note.a", PURCHASE, ["products[].note", "event_properties"], "products[].note"),
        ("events[2].event_properties.note.a", PURCHASE, ["products", "event_properties"], "products"),
        ("events[2].price", PURCHASE, ["products[].price", "price"], "products[].price"),
        ("events[2].city", PURCHASE, ["city"], "city"),
        ("events[2].user_properties.$set.utm_term", PURCHASE, ["user_properties"], "user_properties"),
        ("city", IDENTIFY, ["user_id"], None),
        ("a.[odd", IDENTIFY, ["a"], "a"),
        ("", IDENTIFY, ["a"], None),
    ],
)
def test_the_nearest_field_that_the_rules_name_is_shown(
    path: str, action: Action, known: list[str], expected: str | None
) -> None:
    origins = [("shop.rules", number, 1, 2, name) for number, name in enumerate(known)]
    source_map = SourceMap(origins, [], [{name: number for number, name in enumerate(known)}])
    place = source_map.of_field(0, path, action)
    assert (None if place is None else place.text) == expected


@cache
def shipped() -> list[Mapper]:
    settings = dict.fromkeys(("nestedLists", "deepObjects", "nonFiniteNumbers"), "refuse")
    files = ("examples/shop.rules", "rules/amplitude/presets.rules")
    return [rulewright.load(ROOT / rules, settings=settings) for rules in files]


EXAMPLES = [json.loads(line) for line in (ROOT / "examples" / "events.jsonl").read_text().splitlines()[:200]]
ODD: list[Any] = [[[1], [2]], {}, [], "x" * 2000, "yesterday", None, True, -5, {"$set": 1}, ["a", "b"]]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every object or list in a value, with each of its keys or indexes."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else []
    return [place for key in keys for place in ((value, key), *places(value[key]))]


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(EXAMPLES), st.data())
def test_no_failure_of_a_field_is_shown_at_the_head_of_its_mapping(
    example: dict[str, Any], data: st.DataObject
) -> None:
    event = copy.deepcopy(example)
    for _ in range(data.draw(st.integers(1, 3))):
        holder, key = data.draw(st.sampled_from(places(event)))
        holder[key] = copy.deepcopy(data.draw(st.sampled_from(ODD)))
    for mapper in shipped():
        failures = mapper(event).failures
        assert failures == mapper.map_bytes(json.dumps(event)).failures
        for failure in failures:
            assert failure.span is not None
            assert not failure.span.text.startswith("mapping "), failure
