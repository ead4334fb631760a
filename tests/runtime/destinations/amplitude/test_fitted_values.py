"""A value beyond a limit is repaired: the least change that Amplitude takes is sent, and a warning says what it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright.amplitude import parse
from rulewright.runtime.destinations.amplitude.limits import inside
from rulewright.runtime.encoding import json_bytes
from rulewright.runtime.outcome import Refused
from tests.runtime.destinations.amplitude.action_requests import (
    EVENT,
    nested,
    people,
    properties,
    refusal,
    repaired,
    send,
)
from tests.strategies import json_values

DEEP = ".in" * 40

REPAIRS: dict[str, tuple[dict[str, Any], dict[str, Any], list[tuple[str, str, str]]]] = {
    "a long string": (
        properties({"t": "x" * 1025}),
        properties({"t": "x" * 1024}),
        [("event_properties.t", "long_string", 'is cut from 1,025 to 1,024 characters: "xxx')],
    ),
    "a long string of characters that UTF-16 writes as pairs": (
        properties({"t": "😀" * 1025}),
        properties({"t": "😀" * 1024}),
        [("event_properties.t", "long_string", "is cut from 1,025 to 1,024 characters")],
    ),
    "a long name of the event": (
        {"event_type": "é" * 1030},
        {"event_type": "é" * 1024},
        [("event_type", "long_string", "is cut from 1,030 to 1,024 characters")],
    ),
    "two long strings": (
        properties({"l": ["", "y" * 2000, {"z": "z" * 1025, "short": "s"}]}),
        properties({"l": ["", "y" * 1024, {"z": "z" * 1024, "short": "s"}]}),
        [
            ("event_properties.l[1]", "long_string", "is cut from 2,000 to 1,024 characters"),
            ("event_properties.l[2].z", "long_string", "is cut from 1,025 to 1,024 characters"),
        ],
    ),
    "a list in a list": (
        properties({"m": [[1, "é"], {"a": [2]}, []]}),
        properties({"m": ['[1,"é"]', {"a": [2]}, "[]"]}),
        [
            ("event_properties.m[0]", "nested_list", 'the list in a list is sent as JSON text: [1,"é"]'),
            ("event_properties.m[2]", "nested_list", "the list in a list is sent as JSON text: []"),
        ],
    ),
    "a list in a list in a list": (
        properties({"m": [[[1], [2]]]}),
        properties({"m": ["[[1],[2]]"]}),
        [("event_properties.m[0]", "nested_list", "the list in a list is sent as JSON text: [[1],[2]]")],
    ),
    "a long list in a list": (
        properties({"m": [["x" * 1025]]}),
        properties({"m": ['["' + "x" * 1022]}),
        [
            ("event_properties.m[0]", "nested_list", "the list in a list is sent as JSON text"),
            ("event_properties.m[0]", "long_string", "is cut from 1,029 to 1,024 characters"),
        ],
    ),
    "41 objects deep": (
        properties(nested(41)),
        properties(json.loads(json.dumps(nested(40)).replace('{"leaf": 1}', json.dumps({"in": '{"leaf":1}'})))),
        [("event_properties" + DEEP, "too_deep", 'the object, more than 40 deep, is sent as JSON text: {"leaf":1}')],
    ),
    "no number": (
        properties({"n": [1.5, float("nan")]}),
        properties({"n": [1.5, None]}),
        [("event_properties.n[1]", "not_finite", "NaN is not a finite number; null is sent")],
    ),
    "an infinite field": (
        {"location_lat": "-Infinity"},
        {"location_lat": None},
        [("location_lat", "not_finite", "-Infinity is not a finite number; null is sent")],
    ),
    "a whole number beyond all doubles": (
        properties({"n": -(10**309)}),
        properties({"n": None}),
        [("event_properties.n", "not_finite", "is not a finite number; null is sent")],
    ),
}


@pytest.mark.parametrize(("values", "fields", "said"), REPAIRS.values(), ids=REPAIRS.keys())
def test_the_least_change_goes_out_and_is_said(
    values: dict[str, Any], fields: dict[str, Any], said: list[tuple[str, str, str]]
) -> None:
    before = repr(values)
    (request,), repairs = repaired("logEventV2", {**EVENT, **values})
    assert request.json is not None
    (event,) = request.json["events"]
    assert {name: event[name] for name in fields} == fields
    assert request.body == json_bytes(request.json)
    assert [(field, code) for field, code, _ in repairs] == [(field, code) for field, code, _ in said]
    for (_, _, message), (_, _, part) in zip(repairs, said, strict=True):
        assert part in message
    assert parse(request)
    assert repr(values) == before, "the event is never changed"


@pytest.mark.parametrize("values", [values for values, _, _ in REPAIRS.values()])
def test_nothing_is_repaired_with_checks_off(values: dict[str, Any]) -> None:
    (request,), repairs = repaired("logEventV2", {**EVENT, **values}, checks=False)
    assert repairs == []
    assert request.json is not None
    json.loads(request.body)


def test_an_operation_does_not_count_as_an_object_of_the_properties() -> None:
    values = {"event_type": "Test", "user_id": "user-1"}
    for depth, fields in ((40, []), (41, ["user_properties.$set" + DEEP])):
        _, repairs = repaired("identifyUser", {**values, "user_properties": {"$set": nested(depth)}})
        assert [field for field, _, _ in repairs] == fields
        _, repairs = repaired("logEventV2", {**values, "setAlways": nested(depth)})
        assert [field for field, _, _ in repairs] == fields


def test_every_kind_of_request_is_repaired() -> None:
    long = {"bio": "x" * 1025}
    (request,), repairs = repaired("identifyUser", {"user_id": "user-1", "user_properties": long})
    assert people(request)["user_properties"] == {"bio": "x" * 1024}
    assert [field for field, _, _ in repairs] == ["user_properties.bio"]
    (request,), repairs = repaired(
        "groupIdentifyUser", {"group_type": "t", "group_value": "v", "group_properties": long}
    )
    assert people(request)[0]["group_properties"] == {"bio": "x" * 1024}
    assert [field for field, _, _ in repairs] == ["group_properties.bio"]
    (request,), repairs = repaired("logPurchase", {**EVENT, "products": [{"price": 1}, {"name": "x" * 1025}]})
    assert request.json is not None
    assert [field for field, _, _ in repairs] == ["events[2].event_properties.name"]


def test_a_repair_that_is_not_allowed_leaves_no_other_behind() -> None:
    values = {**EVENT, **properties({"t": "x" * 1025, "m": [[1]]})}
    assert refusal("logEventV2", values, settings={"nestedLists": "refuse"}).code == "nested_list"


JSON = st.recursive(
    json_values | st.just("x" * 1025),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def breaks_a_limit(value: Any, depth: int = 1) -> bool:
    """The limits again, as plainly as they can be said."""
    if isinstance(value, str):
        return len(value) > 1024
    if isinstance(value, float):
        return value != value or abs(value) == float("inf")
    if isinstance(value, dict):
        return depth > 40 or any(breaks_a_limit(item, depth + 1) for item in value.values())
    if isinstance(value, list):
        return any(isinstance(item, list) or breaks_a_limit(item, depth) for item in value)
    return False


def holds_half_a_character(value: Any) -> bool:
    """Whether a text or a key holds half of a pair, which is repaired whatever the settings are."""
    if isinstance(value, str):
        return any("\ud800" <= character <= "\udfff" for character in value)
    if isinstance(value, dict):
        return any(map(holds_half_a_character, [*value, *value.values()]))
    return isinstance(value, list) and any(map(holds_half_a_character, value))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4), st.integers(0, 45))
@example({"": {"\ud800": None}}, 0)
@example({"a": "\udfff"}, 0)
def test_whatever_is_sent_is_within_the_limits_and_every_change_is_said(value: dict[str, Any], depth: int) -> None:
    for _ in range(depth):
        value = {"in": value}
    (request,), repairs = repaired("logEventV2", {**EVENT, **properties(value)})
    assert request.json is not None
    (event,) = request.json["events"]
    assert not breaks_a_limit(event["event_properties"])
    assert bool(repairs) == (breaks_a_limit(value) or holds_half_a_character(value))
    if not repairs:
        assert event["event_properties"] == value
    assert json.loads(request.body) == request.json


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_a_value_is_refused_where_nothing_may_be_repaired(value: dict[str, Any]) -> None:
    refuse = {"nestedLists": "refuse", "deepObjects": "refuse", "nonFiniteNumbers": "refuse", "longStrings": "fail"}
    try:
        send("logEventV2", {**EVENT, **properties(value)}, settings=refuse)
    except Refused:
        assert breaks_a_limit(value)
    else:
        assert not breaks_a_limit(value)


@pytest.mark.parametrize(
    ("length", "shown_length"),
    [(99, 99), (100, 100), (101, 100), (5000, 100)],
    ids=["shorter", "longest", "longer", "huge"],
)
def test_a_path_shows_a_long_key_cut(length: int, shown_length: int) -> None:
    path = inside("event_properties", "k" * length)
    key = path.removeprefix("event_properties.")
    assert len(key) == shown_length
    assert key.endswith("…") == (length > 100)
    assert set(key) <= {"k", "…"}


ORDER = {**EVENT, "trackRevenuePerProduct": True}


@pytest.mark.parametrize(
    ("length", "fits"), [(1021, True), (1022, True), (1023, False)], ids=["shorter", "as long as may be", "longer"]
)
def test_the_insert_id_of_a_line_is_looked_at_with_its_number(length: int, fits: bool) -> None:
    order = {**EVENT, "insert_id": "i" * length, "products": [{"price": 1, "quantity": 1}]}
    if fits:
        (request,) = send("logPurchase", order)
        assert request.json is not None
        assert len(request.json["events"][1]["insert_id"]) == length + 2
    else:
        refused = refusal("logPurchase", order)
        assert (refused.code, refused.field) == ("long_id", "events[1].insert_id")


def test_the_revenue_of_a_line_is_looked_at_after_it_was_multiplied() -> None:
    order = {**ORDER, "products": [{"price": 1e308, "quantity": 100}]}
    _, repairs = repaired("logPurchase", order)
    assert [(field, code) for field, code, _ in repairs] == [("events[1].revenue", "not_finite")]
