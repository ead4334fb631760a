"""What Amplitude would refuse is refused by field, rule and value, and what is just within a limit goes out.

Values that can be repaired are refused here too, by the settings that say so; test_fitted_values.py has the repairs.
"""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.runtime.destinations.amplitude.limits import FORBIDDEN_IDS, LIMITS, RESERVED_EVENTS
from tests.runtime.destinations.amplitude.action_requests import EVENT, nested, properties, refusal, repaired, send

REFUSE = {
    "longStrings": "fail",
    "nestedLists": "refuse",
    "deepObjects": "refuse",
    "nonFiniteNumbers": "refuse",
    "largeBodies": "refuse",
}


WITHIN: dict[str, dict[str, Any]] = {
    "an id of five characters": {"user_id": "12345"},
    "a device alone": {"user_id": None, "device_id": "abcde"},
    "a short id where shorter ones may pass": {"user_id": "ab", "min_id_length": 2},
    "a word within an id": {"user_id": "unknown-1"},
    "a number as an id": {"user_id": 123456},
    "a name like a reserved one": {"event_type": "[Amplitude] Page Viewed"},
    "a reserved name in another case": {"event_type": "[amplitude] revenue"},
    "a name that begins with a dollar sign": {"event_type": "$pageview"},
    "the first millisecond": {"time": "1970-01-01T00:00:00.001Z"},
    "no session": {"session_id": -1},
    "milliseconds as text": {"time": "1714566896789", "session_id": "1714566896789"},
    "40 objects deep": properties(nested(40)),
    "40 objects deep below a list": properties({"list": [nested(39)]}),
    "40 objects deep in an operation": {"user_properties": {"$set": nested(40)}},
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
    (request,), repairs = repaired("logEventV2", {**EVENT, **values})
    assert request.json is not None
    assert repairs == []


BEYOND: dict[str, tuple[dict[str, Any], str, str | None, str]] = {
    "no id": ({"user_id": None}, "no_id", "user_id", "has no value and neither has `device_id`"),
    "a short id": ({"user_id": "1234"}, "short_id", "user_id", '"1234" is shorter than 5 characters'),
    "a short device": ({"device_id": "abcd"}, "short_id", "device_id", '"abcd" is shorter'),
    "an id under its own limit": ({"user_id": "user-1", "min_id_length": 7}, "short_id", "user_id", "than 7 char"),
    "a forbidden id": ({"user_id": "anonymous"}, "forbidden_id", "user_id", '"anonymous" identifies nobody'),
    "in any case": ({"device_id": "Undefined"}, "forbidden_id", "device_id", '"Undefined" identifies nobody'),
    "a boolean as an id": ({"device_id": False}, "forbidden_id", "device_id", '"false" is the text of a boolean'),
    "its text": ({"user_id": "False"}, "forbidden_id", "user_id", '"False" is the text of a boolean'),
    "forbidden however short ids may be": ({"user_id": "0", "min_id_length": 1}, "forbidden_id", "user_id", '"0"'),
    "a reserved name": (
        {"event_type": "[Amplitude] Revenue"},
        "reserved_event",
        "event_type",
        '"[Amplitude] Revenue" is the name of an event of Amplitude\'s own',
    ),
    "a time that is none": ({"time": "soon"}, "wrong_type", "time", 'must be a time but it is a string: "soon"'),
    "a number that is too small for a time": ({"time": 13}, "wrong_type", "time", "must be a time in milliseconds or"),
    "a time before 1970": ({"time": "1969-12-31T12:00Z"}, "not_a_time", "time", '"1969-12-31T12:00Z" is a time before'),
    "a session before 1970": ({"session_id": "1969-12-31"}, "not_a_time", "session_id", "is a time before 1970"),
    "a session that is not a time": ({"session_id": "none"}, "wrong_type", "session_id", "must be a time"),
    "41 objects deep": (properties(nested(41)), "too_deep", "event_properties" + ".in" * 40, "more than 40 objects"),
    "41 deep below a list": (properties({"l": [nested(40)]}), "too_deep", "event_properties.l[0]" + ".in" * 39, ""),
    "41 deep in an operation": (
        {"user_properties": {"$set": nested(41)}},
        "too_deep",
        "user_properties.$set" + ".in" * 40,
        "more than 40 objects deep",
    ),
    "a list in a list": (properties({"m": [0, [1]]}), "nested_list", "event_properties.m[1]", "a list in a list: [1]"),
    "a list in an inner list": (properties({"l": [{"m": [1, [2]]}]}), "nested_list", "event_properties.l[0].m[1]", ""),
    "1,025 characters": (properties({"t": "x" * 1025}), "long_string", "event_properties.t", "has 1,025 characters"),
    "a long name of the event": ({"event_type": "x" * 1025}, "long_string", "event_type", "has 1,025 characters"),
    "a long text in a list": (properties({"t": ["", "y" * 2000]}), "long_string", "event_properties.t[1]", "2,000"),
    "a long user ID": ({"user_id": "u" * 1025}, "long_id", "user_id", "an ID is never cut"),
    "a long device ID": ({"device_id": "d" * 1025}, "long_id", "device_id", "has 1,025 characters"),
    "a long insert ID": ({"insert_id": "i" * 1025}, "long_id", "insert_id", "has 1,025 characters"),
    "an infinite number": (properties({"n": float("inf")}), "not_finite", "event_properties.n", "Infinity is not a"),
    "no number": (properties({"a": [{"n": float("nan")}]}), "not_finite", "event_properties.a[0].n", "NaN is not a"),
    "an infinite field": (
        {"location_lat": "Infinity"},
        "not_finite",
        "location_lat",
        "Infinity is not a finite number",
    ),
    "a whole number beyond all doubles": (properties({"n": 10**309}), "not_finite", "event_properties.n", "1000"),
    "over 1 MB": (
        properties({str(n): "x" * 1000 for n in range(1100)}),
        "body_too_large",
        "event_properties",
        "1,000,000",
    ),
    "over 1 MB in one list": (
        properties({"a": {"l": ["x"] * 300_000}}),
        "body_too_large",
        "event_properties.a.l",
        "1,2",
    ),
    "over 1 MB by one key": (properties({"k" * 1_000_000: 1}), "body_too_large", "event_properties", "1,000,0"),
}


@pytest.mark.parametrize(("values", "code", "field", "message"), BEYOND.values(), ids=BEYOND.keys())
def test_what_is_beyond_a_limit_is_refused(values: dict[str, Any], code: str, field: str, message: str) -> None:
    failure = refusal("logEventV2", {**EVENT, **values}, settings=REFUSE)
    assert (failure.code, failure.field) == (code, field)
    assert message in failure.message


def test_every_limit_has_a_case_beyond_it() -> None:
    of_groups = {"not_a_group", "too_many_groups", "too_many_group_values", "too_many_properties"}
    of_user_properties = {
        "mixed_user_properties",
        "unknown_operation",
        "property_in_two_operations",
        "property_overridden",
        "bad_operation",
    }
    of_options_and_places = {"min_id_length", "not_a_place"}
    assert {code for _, code, *_ in BEYOND.values()} - {"wrong_type"} == set(
        LIMITS
    ) - of_groups - of_user_properties - of_options_and_places


IDENTIFIED: dict[str, dict[str, Any]] = {
    "logEventV2": EVENT,
    "logEvent": EVENT,
    "logPurchase": EVENT,
    "identifyUser": {"user_id": "user-1"},
    "groupIdentifyUser": {"user_id": "user-1", "group_type": "team", "group_value": "a"},
    "mapUser": {"user_id": "user-1", "global_user_id": "user-2"},
}


@pytest.mark.parametrize("action", IDENTIFIED)
@pytest.mark.parametrize("value", [0, -1, "0", 1, 5, None])
def test_a_length_of_ids_that_is_not_greater_than_0_has_no_effect_and_is_said(action: str, value: object) -> None:
    requests, repairs = repaired(action, {**IDENTIFIED[action], "min_id_length": value})
    idle = value is not None and int(str(value)) <= 0
    message = f"{value} has no effect, because it is not greater than 0: an ID has at least 5 characters"
    assert repairs == ([("min_id_length", "min_id_length", message)] if idle else [])
    if action != "mapUser":  # whose body has the number besides the options
        plain, _ = repaired(action, IDENTIFIED[action])
        same = [request.body for request in requests] == [request.body for request in plain]
        assert same == (idle or value is None)
    assert refusal(action, {**IDENTIFIED[action], "user_id": "abc", "min_id_length": 0}).code == "short_id"


@pytest.mark.parametrize("values", [values for values, code, *_ in BEYOND.values() if code != "wrong_type"])
def test_nothing_is_refused_with_checks_off(values: dict[str, Any]) -> None:
    assert send("logEventV2", {**EVENT, **values}, checks=False)


@pytest.mark.parametrize("value", [*sorted(FORBIDDEN_IDS - {""}), "true", "false"])
def test_every_word_for_nobody_is_refused(value: str) -> None:
    for written in (value, value.upper(), value.title(), f"  {value} ", f"\u200b{value}\xa0", f"\t{value}" + " " * 20):
        assert refusal("identifyUser", {"device_id": written, "min_id_length": 1}).code == "forbidden_id"


@pytest.mark.parametrize(
    "value", [" unknown-1 ", "un known", " u-1234", "ünknown ", "none none", "falsehood", "true-1"]
)
def test_an_id_that_holds_more_than_a_word_for_nobody_is_sent_as_it_is(value: str) -> None:
    for field in ("user_id", "device_id"):
        [request] = send("logEventV2", {"event_type": "Clicked", field: value})
        assert request.json is not None
        assert request.json["events"][0][field] == value


@pytest.mark.parametrize("name", RESERVED_EVENTS)
@pytest.mark.parametrize("action", ["logEvent", "logEventV2", "logPurchase"])
def test_no_action_sends_an_event_with_a_reserved_name(action: str, name: str) -> None:
    failure = refusal(action, {**EVENT, "event_type": name})
    assert (failure.code, failure.field) == ("reserved_event", "event_type")
    assert send(action, {**EVENT, "event_type": name}, checks=False)


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
        ("groupIdentifyUser", {"group_type": "t", "group_value": "v" * 1025}, "long_id", "group_value"),
        ("groupIdentifyUser", {"group_type": "t" * 1025, "group_value": "v"}, "long_id", "group_type"),
        ("mapUser", {"user_id": "user-1", "global_user_id": "u" * 1025}, "long_id", "global_user_id"),
        ("identifyUser", {"user_id": "user-1", "city": "c" * 1025}, "long_string", "city"),
        ("groupIdentifyUser", {"group_type": "t", "group_value": "v", "user_id": "1"}, "short_id", "user_id"),
        ("mapUser", {"user_id": "user-1"}, "no_id", "global_user_id"),
        ("mapUser", {"global_user_id": "user-1"}, "no_id", "user_id"),
        ("mapUser", {"user_id": "user-1", "global_user_id": "me"}, "short_id", "global_user_id"),
        ("logPurchase", {**EVENT, "products": [{"a": [[]]}]}, "nested_list", "events[1].event_properties.a[0]"),
        ("logPurchase", {**EVENT, "price": 1e308, "quantity": 99}, "not_finite", "revenue"),
    ],
)
def test_each_action_holds_the_limits(action: str, values: dict[str, Any], code: str, field: str) -> None:
    failure = refusal(action, values, settings=REFUSE)
    assert (failure.code, failure.field) == (code, field)
