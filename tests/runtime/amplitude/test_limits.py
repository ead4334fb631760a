"""What Amplitude would refuse is refused by field, rule and value, and what is just within a limit goes out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.destinations.amplitude.limits import FORBIDDEN_IDS, LIMITS, check_values, surely_within
from rulewright.runtime.encoding import json_bytes
from rulewright.runtime.outcome import Refused
from tests.runtime.amplitude.actions import event, refusal, send

EVENT = {"event_type": "Test", "user_id": "user-1"}


def nested(depth: int) -> dict[str, Any]:
    """Objects, so many deep."""
    value: dict[str, Any] = {"leaf": 1}
    for _ in range(depth - 1):
        value = {"in": value}
    return value


def properties(value: Any) -> dict[str, Any]:
    return {"event_properties": value}


WITHIN: dict[str, dict[str, Any]] = {
    "an id of five characters": {"user_id": "12345"},
    "a device alone": {"user_id": None, "device_id": "abcde"},
    "a short id where shorter ones may pass": {"user_id": "ab", "min_id_length": 2},
    "a word within an id": {"user_id": "unknown-1"},
    "a number as an id": {"user_id": 123456},
    "the first millisecond": {"time": "1970-01-01T00:00:00.001Z"},
    "no session": {"session_id": -1},
    "milliseconds as text": {"time": "1714566896789", "session_id": "1714566896789"},
    "40 objects deep": properties(nested(40)),
    "40 objects deep below a list": properties({"list": [nested(39)]}),
    "a list of texts": properties({"tags": ["a", "b"]}),
    "lists in objects in a list": properties({"lines": [{"tags": ["a"]}, {"tags": ["b"]}]}),
    "5 types of groups": {"groups": {str(number): "x" for number in range(5)}},
    "10 values of a group": {"groups": {"team": [str(number) for number in range(10)]}},
    "1,024 characters": properties({"text": "x" * 1024}),
    "1,024 characters of four bytes": properties({"text": "😀" * 1024}),
    "the largest number": properties({"number": 1.7976931348623157e308}),
    "nothing": properties({"nothing": None}),
    "just under 1 MB": properties({str(number): "x" * 1000 for number in range(980)}),
    "over 1 MB as a batch": {**properties({str(n): "x" * 1000 for n in range(1100)}), "use_batch_endpoint": True},
}


@pytest.mark.parametrize("values", WITHIN.values(), ids=WITHIN.keys())
def test_what_is_within_a_limit_goes_out(values: dict[str, Any]) -> None:
    assert event(values)


BEYOND: dict[str, tuple[dict[str, Any], str, str | None, str]] = {
    "no id": ({"user_id": None}, "no_id", "user_id", "has no value and neither has `device_id`"),
    "a short id": ({"user_id": "1234"}, "short_id", "user_id", '"1234" is shorter than 5 characters'),
    "a short device": ({"device_id": "abcd"}, "short_id", "device_id", '"abcd" is shorter'),
    "an id under its own limit": ({"user_id": "user-1", "min_id_length": 7}, "short_id", "user_id", "than 7 char"),
    "a forbidden id": ({"user_id": "anonymous"}, "forbidden_id", "user_id", '"anonymous" stands for nobody'),
    "in any case": ({"device_id": "Undefined"}, "forbidden_id", "device_id", '"Undefined" stands for nobody'),
    "forbidden however short ids may be": ({"user_id": "0", "min_id_length": 1}, "forbidden_id", "user_id", '"0"'),
    "a time that is none": ({"time": "soon"}, "wrong_type", "time", 'must be a time but it is a string: "soon"'),
    "a number that is too small for a time": ({"time": 13}, "wrong_type", "time", "must be a time in milliseconds or"),
    "a time before 1970": ({"time": "1969-12-31T12:00Z"}, "not_a_time", "time", '"1969-12-31T12:00Z" is a time before'),
    "a session before 1970": ({"session_id": "1969-12-31"}, "not_a_time", "session_id", "is a time before 1970"),
    "a session that is no time": ({"session_id": "none"}, "wrong_type", "session_id", "must be a time"),
    "41 objects deep": (properties(nested(41)), "too_deep", "event_properties" + ".in" * 40, "more than 40 objects"),
    "41 deep below a list": (properties({"l": [nested(40)]}), "too_deep", "event_properties.l[0]" + ".in" * 39, ""),
    "a list in a list": (properties({"m": [[1], [2]]}), "nested_list", "event_properties.m", "a list in a list: [[1],"),
    "a list in an inner list": (properties({"l": [{"m": [1, [2]]}]}), "nested_list", "event_properties.l[0].m", ""),
    "1,025 characters": (properties({"t": "x" * 1025}), "long_string", "event_properties.t", "has 1,025 characters"),
    "a long name of the event": ({"event_type": "x" * 1025}, "long_string", "event_type", "has 1,025 characters"),
    "a long text in a list": (properties({"t": ["", "y" * 2000]}), "long_string", "event_properties.t[1]", "2,000"),
    "an infinite number": (properties({"n": float("inf")}), "not_finite", "event_properties.n", "inf is no number"),
    "no number": (properties({"a": [{"n": float("nan")}]}), "not_finite", "event_properties.a[0].n", "nan is no"),
    "an infinite field": ({"location_lat": "Infinity"}, "not_finite", "location_lat", "inf is no number"),
    "over 1 MB": (properties({str(n): "x" * 1000 for n in range(1100)}), "body_too_large", None, "1,000,000"),
    "over 1 MB by one key": (properties({"k" * 1_000_000: 1}), "body_too_large", None, "1,000,000"),
}


@pytest.mark.parametrize(("values", "code", "field", "message"), BEYOND.values(), ids=BEYOND.keys())
def test_what_is_beyond_a_limit_is_refused(values: dict[str, Any], code: str, field: str, message: str) -> None:
    found = refusal("logEventV2", {**EVENT, **values})
    assert (found.code, found.field) == (code, field)
    assert message in found.message


def test_every_limit_has_a_case_beyond_it() -> None:
    of_groups = {"too_many_groups", "too_many_group_values"}
    of_user_properties = {
        "mixed_user_properties",
        "unknown_operation",
        "property_in_two_operations",
        "property_overridden",
        "bad_operation",
    }
    assert {code for _, code, *_ in BEYOND.values()} - {"wrong_type"} == set(LIMITS) - of_groups - of_user_properties


@pytest.mark.parametrize("values", [values for values, code, *_ in BEYOND.values() if code != "wrong_type"])
def test_nothing_is_refused_with_checks_off(values: dict[str, Any]) -> None:
    assert send("logEventV2", {**EVENT, **values}, checks=False)


@pytest.mark.parametrize("value", sorted(FORBIDDEN_IDS - {""}))
def test_every_word_for_nobody_is_refused(value: str) -> None:
    for written in (value, value.upper(), value.title()):
        assert refusal("identifyUser", {"device_id": written, "min_id_length": 1}).code == "forbidden_id"


def test_long_strings_are_cut_where_that_is_the_setting() -> None:
    long = {"list": ["é" * 1025, {"deep": "x" * 3000}], "short": "s"}
    sent = event({"event_properties": long, "city": "c" * 1030}, settings={"longStrings": "truncate"})
    assert sent["event_properties"] == {"list": ["é" * 1024, {"deep": "x" * 1024}], "short": "s"}
    assert sent["city"] == "c" * 1024
    assert long["list"][0] == "é" * 1025, "the event itself is never changed"


@pytest.mark.parametrize(
    ("action", "values", "code", "field"),
    [
        (
            "identifyUser",
            {"user_id": "user-1", "user_properties": nested(41)},
            "too_deep",
            "user_properties" + ".in" * 40,
        ),
        ("identifyUser", {"traits": 1}, "no_id", "user_id"),
        ("groupIdentifyUser", {"group_type": "t", "group_value": "v" * 1025}, "long_string", "group_value"),
        ("groupIdentifyUser", {"group_type": "t", "group_value": "v", "user_id": "1"}, "short_id", "user_id"),
        ("mapUser", {"user_id": "user-1"}, "no_id", "global_user_id"),
        ("mapUser", {"global_user_id": "user-1"}, "no_id", "user_id"),
        ("mapUser", {"user_id": "user-1", "global_user_id": "me"}, "short_id", "global_user_id"),
        ("logPurchase", {**EVENT, "products": [{"a": [[]]}]}, "nested_list", "event_properties.a"),
        ("logPurchase", {**EVENT, "price": 1e308, "quantity": 99}, "not_finite", "revenue"),
    ],
)
def test_each_action_holds_the_limits(action: str, values: dict[str, Any], code: str, field: str) -> None:
    found = refusal(action, values)
    assert (found.code, found.field) == (code, field)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just("x" * 1025),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


def breaks_a_limit(value: Any) -> bool:
    """The limits again, as plainly as they can be said."""
    if isinstance(value, str):
        return len(value) > 1024
    if isinstance(value, float):
        return value != value or abs(value) == float("inf")
    if isinstance(value, dict):
        return any(breaks_a_limit(item) for item in value.values())
    if isinstance(value, list):
        return any(isinstance(item, list) or breaks_a_limit(item) for item in value)
    return False


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_each_value_is_looked_at(value: dict[str, Any]) -> None:
    try:
        (kept,) = check_values([value], 1_000_000)
    except Refused:
        assert breaks_a_limit(value)
    else:
        assert kept == value
        assert not breaks_a_limit(value)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(st.text(max_size=5), JSON, max_size=4))
def test_what_is_seen_to_be_right_at_a_glance_is_right(value: dict[str, Any]) -> None:
    text = json_bytes([value])
    if surely_within(text, [value], len(text)):
        assert not breaks_a_limit(value)


LONG = "x" * 1024
SURE: list[dict[str, Any]] = [
    {},
    {"a": LONG, "b": LONG, "ü": [1, 2.5, None, {"c": [None]}]},
    {"a": [1], "b": None, "c": {}},
    {"user_id": None, "a": 1.5},
]
UNSURE: list[dict[str, Any]] = [
    {"a": LONG + "x"},
    {"a": LONG + "x", "b": 1, "c": [LONG]},
    {"b": 1, "c": [{"a": LONG + "x"}]},
    {"a": f'{"x" * 600}"{"x" * 600}'},
    {"a": [[1]]},
    {"a": [1, [2]]},
    {"a": float("nan")},
    {"a": [{"b": float("-inf")}]},
    {"user_id": None, "a": float("inf")},
    {"user_id": "user-1", "a": {"user_id": float("inf")}},
]


@pytest.mark.parametrize("value", SURE)
def test_a_glance_is_enough_for_what_is_right(value: dict[str, Any]) -> None:
    text = json_bytes([value])
    assert surely_within(text, [value], len(text))
    assert not surely_within(text, [value], len(text) - 1)


@pytest.mark.parametrize("value", UNSURE)
def test_a_glance_is_not_enough(value: dict[str, Any]) -> None:
    assert not surely_within(json_bytes([value]), [value], 1_000_000)


def test_a_body_goes_out_as_it_was_checked() -> None:
    (request,) = send("logEventV2", EVENT)
    assert request.body == json_bytes(request.json)
    (cut,) = send("logEventV2", {**EVENT, "event_type": LONG + "x"}, settings={"longStrings": "truncate"})
    assert cut.body == json_bytes(cut.json)
    assert len(json.loads(cut.body)["events"][0]["event_type"]) == 1024
