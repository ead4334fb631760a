"""Operations that Amplitude does not have, or cannot apply, are refused by their path."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.runtime.action import ConflictPolicy
from rulewright.runtime.destinations.amplitude.operation_names import has_operations, is_operation, nearest
from tests.runtime.destinations.amplitude.action_requests import EVENT, PERSON, refusal, send


def test_a_property_is_in_one_operation_only() -> None:
    values = {**EVENT, "setOnce": {"visits": 1}, "add": {"visits": 1}}
    failure = refusal("logEventV2", values)
    assert (failure.code, failure.field) == ("property_in_two_operations", "user_properties")
    assert failure.message.startswith("`visits` is in `$setOnce` and in `$add`")
    assert send("logEventV2", values, checks=False)


def test_an_operation_is_an_object() -> None:
    failure = refusal("logEventV2", {**EVENT, "user_properties": {"$set": "text"}})
    assert (failure.code, failure.field) == ("bad_operation", "user_properties.$set")
    assert failure.message == 'must be an object but it is a string: "text"'


@pytest.mark.parametrize("value", ["three", True, [1], {"a": 1}])
def test_nothing_else_can_be_added(value: Any) -> None:
    for values in ({"add": {"visits": value}}, {"user_properties": {"$add": {"visits": value}}}):
        failure = refusal("logEventV2", {**EVENT, **values})
        assert (failure.code, failure.field) == ("bad_operation", "user_properties.$add.visits")
        assert failure.message.startswith("must be a number to be added, but it is ")
        assert send("logEventV2", {**EVENT, **values}, checks=False)


@pytest.mark.parametrize("group_type", ["$set", "$setAlways", "$other", "$"])
def test_a_group_type_that_looks_like_an_operation_is_refused(group_type: str) -> None:
    failure = refusal("groupIdentifyUser", {**PERSON, "group_type": group_type, "group_value": "acme"})
    assert (failure.code, failure.field) == ("bad_operation", "group_type")


Refusal = tuple[str, dict[str, Any], str, str, str]

REFUSED: dict[str, Refusal] = {
    "an unknown operation": (
        "logEventV2",
        {"user_properties": {"$email": "a@example.com"}},
        "unknown_operation",
        "user_properties.$email",
        "`$email` is not an operation of Amplitude",
    ),
    "a misspelled operation": (
        "identifyUser",
        {"user_properties": {"plan": 1, "$setAlwys": {"a": 1}}},
        "unknown_operation",
        "user_properties.$setAlwys",
        "`$setAlwys` is not an operation of Amplitude; did you mean `$setAlways`?",
    ),
    "an operation of another tool": (
        "logEvent",
        {"user_properties": {"$increment": {"n": 1}}},
        "unknown_operation",
        "user_properties.$increment",
        "`$increment` is not an operation of Amplitude; did you mean `$add`?",
    ),
    "an unknown operation on a group": (
        "groupIdentifyUser",
        {"group_properties": {"$setonce": {"a": 1}}},
        "unknown_operation",
        "group_properties.$setonce",
        "`$setonce` is not an operation of Amplitude; did you mean `$setOnce`?",
    ),
    "an unknown operation that has no value": (
        "logPurchase",
        {"user_properties": {"$other": None}},
        "unknown_operation",
        "user_properties.$other",
        "`$other` is not an operation of Amplitude",
    ),
    "an operation in an operation": (
        "logEventV2",
        {"user_properties": {"$set": {"$setAlways": {"a": 1}}}},
        "bad_operation",
        "user_properties.$set.$setAlways",
        "begins with `$`, as operations do, and cannot be inside `$set`",
    ),
    "an operation in a field": (
        "identifyUser",
        {"setOnce": {"a": 1, "$set": {"b": 1}}},
        "bad_operation",
        "user_properties.$setOnce.$set",
        "begins with `$`, as operations do, and cannot be inside `$setOnce`",
    ),
    "a list": (
        "logEventV2",
        {"user_properties": {"$set": [{"a": 1}]}},
        "bad_operation",
        "user_properties.$set",
        'must be an object but it is a list: [{"a":1}]',
    ),
    "a list beside a field": (
        "logEventV2",
        {"user_properties": {"$setOnce": ["a"]}, "setOnce": {"b": 1}},
        "bad_operation",
        "user_properties.$setOnce",
        'must be an object but it is a list: ["a"]',
    ),
    "empty text": (
        "logEventV2",
        {"user_properties": {"$unset": ""}},
        "bad_operation",
        "user_properties.$unset",
        'must be an object but it is a string: ""',
    ),
    "a blank text to be added": (
        "logEventV2",
        {"user_properties": {"$add": {"n": " "}}},
        "bad_operation",
        "user_properties.$add.n",
        'must be a number to be added, but it is a string: " "',
    ),
    "an infinite number to be added": (
        "logEventV2",
        {"user_properties": {"$add": {"n": "Infinity"}}},
        "bad_operation",
        "user_properties.$add.n",
        'must be a number to be added, but it is a string: "Infinity"',
    ),
    "a number to be added that is not finite": (
        "logEventV2",
        {"add": {"n": float("nan")}},
        "bad_operation",
        "user_properties.$add.n",
        "must be a finite number to be added, but it is a number: NaN",
    ),
    "a whole number to be added that is beyond all doubles": (
        "identifyUser",
        {"user_properties": {"$add": {"n": 10**400}}},
        "bad_operation",
        "user_properties.$add.n",
        f"must be a finite number to be added, but it is a number: 1{'0' * 58}…",
    ),
    "$setAlways beside plain ones": (
        "logEventV2",
        {"user_properties": {"plan": "pro", "$setAlways": {"a": 1}}},
        "mixed_user_properties",
        "user_properties",
        "plain properties (`plan`) and operations (`$set`) cannot be in one request",
    ),
    "$setAlways and a field for one property": (
        "logEventV2",
        {"user_properties": {"$setAlways": {"a": 1}}, "setOnce": {"a": 1}},
        "property_in_two_operations",
        "user_properties",
        "`a` is in `$set` and in `$setOnce`, and Amplitude accepts a property in one operation only",
    ),
    "two fields of an identify call for one property": (
        "identifyUser",
        {"setAlways": {"a": 1}, "add": {"a": 1}},
        "property_in_two_operations",
        "user_properties",
        "`a` is in `$set` and in `$add`, and Amplitude accepts a property in one operation only",
    ),
}


@pytest.mark.parametrize(("action", "values", "code", "field", "message"), REFUSED.values(), ids=REFUSED)
def test_properties_that_are_refused(action: str, values: dict[str, Any], code: str, field: str, message: str) -> None:
    failure = refusal(action, {**EVENT, "group_type": "company", "group_value": "acme", **values})
    assert (failure.code, failure.field, failure.message) == (code, field, message)


@pytest.mark.parametrize("conflict", ["reject", "fold", "split"])
@pytest.mark.parametrize("action", ["logEvent", "logEventV2", "logPurchase", "identifyUser"])
def test_an_unknown_operation_is_refused_with_checks_off_too(action: str, conflict: ConflictPolicy) -> None:
    values = {**EVENT, "user_properties": {"plan": "pro", "$other": {"a": 1}}, "add": {"n": 1}, "referrer": "r"}
    assert refusal(action, values, conflict=conflict, checks=False).code == "unknown_operation"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("$sets", "$set"),
        ("$SET", "$set"),
        ("$set_once", "$setOnce"),
        ("$setAlway", "$setAlways"),
        ("$Increment", "$add"),
        ("$inc", "$add"),
        ("$increase", "$add"),
        ("$push", "$append"),
        ("$delete", "$unset"),
        ("$preinsert", "$preInsert"),
        ("$email", None),
        ("$", None),
    ],
)
def test_an_unknown_name_leads_to_the_known_one(name: str, meant: str | None) -> None:
    assert nearest(name) == meant


@pytest.mark.parametrize("names", [{1: "a"}, {1: "a", "$set": {}}, {"$set": {}, None: 1}])
def test_keys_that_are_not_texts_hide_no_operation(names: dict[Any, Any]) -> None:
    assert has_operations(names) is any(is_operation(name) for name in names)
