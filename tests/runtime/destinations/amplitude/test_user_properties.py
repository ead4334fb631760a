"""Plain user properties and operations never go out in one request, whatever comes in and whichever way is chosen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.action import ConflictPolicy
from rulewright.runtime.destinations.amplitude.operation_names import OPERATIONS, has_operations, is_operation, nearest
from rulewright.runtime.outcome import Refused, Request
from tests.runtime.destinations.amplitude.action_requests import event, people, refusal, repaired, send

EVENT = {"event_type": "Test", "user_id": "user-1"}
PERSON = {"user_id": "user-1", "device_id": "device-1"}


def properties_of(requests: list[Request]) -> list[dict[str, Any]]:
    """All user and group properties that requests hold."""
    found = []
    for request in requests:
        items = request.json["events"] if request.json else people(request)
        for item in items if isinstance(items, list) else [items]:
            found += [item[name] for name in ("user_properties", "group_properties") if name in item]
    return found


def test_plain_properties_alone_stay_plain() -> None:
    plain = {"plan": "pro", "price in $": 1, "": 2, "address": {"$set": {"city": "Rome"}}}
    assert event({"user_properties": plain})["user_properties"] == plain


def test_operations_alone_stay_as_they_are() -> None:
    sent = event({"user_properties": {"$add": {"visits": 1}}, "setOnce": {"first": "a"}, "setAlways": {"last": ""}})
    assert sent["user_properties"] == {"$add": {"visits": 1}, "$setOnce": {"first": "a"}}


def test_reject_says_which_properties_do_not_go_together() -> None:
    failure = refusal("logEventV2", {**EVENT, "user_properties": {"a": 1, "b": 2, "c": 3, "d": 4}, "add": {"n": 1}})
    assert (failure.code, failure.field) == ("mixed_user_properties", "user_properties")
    assert failure.message == "plain properties (`a`, `b`, `c`, …) and operations (`$add`) cannot be in one request"


def test_reject_names_three_properties_whole() -> None:
    failure = refusal("logEventV2", {**EVENT, "user_properties": {"a": 1, "b": 2, "c": 3}, "add": {"n": 1}})
    assert "(`a`, `b`, `c`) and" in failure.message


def test_fold_moves_plain_properties_into_set_where_the_explicit_wins() -> None:
    sent = event(
        {"user_properties": {"plan": "pro", "city": "Rome"}, "setAlways": {"city": "Oslo"}, "add": {"visits": 1}},
        conflict="fold",
    )
    assert sent["user_properties"] == {"$set": {"plan": "pro", "city": "Oslo"}, "$add": {"visits": 1}}


def test_split_sends_plain_properties_first_in_a_request_of_their_own() -> None:
    values = {**EVENT, "device_id": "device-1", "user_properties": {"plan": "pro"}, "add": {"visits": 1}}
    first, second = send("logEventV2", values, conflict="split")
    assert first.url.endswith("/identify")
    assert people(first) == {
        "user_id": "user-1",
        "device_id": "device-1",
        "user_properties": {"plan": "pro"},
        "library": "segment",
    }
    assert second.json is not None
    assert second.json["events"][0]["user_properties"] == {"$add": {"visits": 1}}


def test_split_gives_the_two_identify_requests_insert_ids_of_their_own() -> None:
    values = {**PERSON, "insert_id": "m-1", "user_properties": {"plan": "pro"}, "referrer": "https://a.example"}
    first, second = map(people, send("identifyUser", values, conflict="split"))
    assert (first["insert_id"], second["insert_id"]) == ("m-1-plain", "m-1")
    assert first["user_properties"] == {"plan": "pro"}
    assert set(second["user_properties"]) == {"$set", "$setOnce"}


def test_split_sends_plain_group_properties_first() -> None:
    values = {"group_type": "company", "group_value": "acme", "group_properties": {"plan": 1, "$add": {"seats": 1}}}
    first, second = send("groupIdentifyUser", values, conflict="split")
    assert people(first)[0]["group_properties"] == {"plan": 1}
    assert people(second)[0]["group_properties"] == {"$add": {"seats": 1}}
    assert refusal("groupIdentifyUser", values).field == "group_properties"


@pytest.mark.parametrize("action", ["logEvent", "logPurchase", "identifyUser"])
def test_a_campaign_and_a_referrer_are_the_last_and_the_first_touch(action: str) -> None:
    values = {**PERSON, "event_type": "Test", "utm_properties": {"utm_source": "mail"}, "referrer": "https://a.example"}
    (request,) = send(action, values)
    assert properties_of([request]) == [
        {
            "$set": {"utm_source": "mail", "referrer": "https://a.example"},
            "$setOnce": {"initial_utm_source": "mail", "initial_referrer": "https://a.example"},
        }
    ]


@pytest.mark.parametrize(
    "campaign", ['{ utm_source: "mail" }', "context.campaign", "{ utm_source: context.campaign.utm_source }"]
)
def test_touches_change_neither_the_rules_nor_the_event(campaign: str) -> None:
    mapper = rulewright.load(
        f'destination amplitude\nmapping "Identify" -> identifyUser {{\n  when type = "identify"\n'
        f"  user_id = userId\n  utm_properties = {campaign}\n  referrer = context.referrer\n}}\n",
        settings={"apiKey": "KEY"},
    )
    text = '{"type":"identify","userId":"user-1","context":{"campaign":{"utm_source":"mail"},"referrer":"a"}}'
    event = json.loads(text)
    first, again = mapper(event), mapper(event)
    assert properties_of(first.requests)[0]["$set"] == {"utm_source": "mail", "referrer": "a"}
    del event["context"]["referrer"]
    assert properties_of(mapper(event).requests)[0]["$set"] == {"utm_source": "mail"}
    assert first == again == mapper.map_bytes(text)
    assert event["context"]["campaign"] == {"utm_source": "mail"}


def test_in_an_event_the_user_properties_win_over_the_touches_and_in_identify_the_touches_win() -> None:
    values = {
        **PERSON,
        "event_type": "Test",
        "referrer": "https://a.example",
        "user_properties": {"$set": {"referrer": "own"}, "referrer": "dropped", "utm_properties": "dropped"},
    }
    sent = {}
    for action in ("logEvent", "logPurchase", "identifyUser"):
        requests, repairs = repaired(action, values)
        sent[action] = properties_of(requests)[0]["$set"]
        left_out = [(field, message.partition(";")[0]) for field, _, message in repairs]
        losing = '"https://a.example"' if sent[action]["referrer"] == "own" else '"own"'
        assert left_out == [
            ("user_properties.referrer", '"dropped" is left out'),
            ("user_properties.utm_properties", '"dropped" is left out'),
            ("user_properties.$set.referrer", f"{losing} is left out"),
        ]
    own, touched = {"referrer": "own"}, {"referrer": "https://a.example"}
    assert sent == {"logEvent": own, "logPurchase": own, "identifyUser": touched}


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


@pytest.mark.parametrize("value", [3, 2.5, -1, 0, 2**70])
def test_a_number_can_be_added(value: Any) -> None:
    assert event({"add": {"visits": value}})["user_properties"] == {"$add": {"visits": value}}


@pytest.mark.parametrize("conflict", ["reject", "fold", "split"])
@pytest.mark.parametrize(
    ("text", "number", "said"),
    [
        ("4", 4, None),
        (" 4.5 ", 4.5, None),
        ("+4", 4, None),
        ("1e3", 1000, None),
        ("157963456373623809", 157963456373623809, None),
        ("0x10", 16, '"0x10" is sent as the number 16'),
        ("0b11", 3, '"0b11" is sent as the number 3'),
        ("0O17", 15, '"0O17" is sent as the number 15'),
    ],
)
def test_text_that_holds_a_number_is_added_as_the_number(
    conflict: Any, text: str, number: int, said: str | None
) -> None:
    path = "user_properties.$add.visits"
    warnings = [(path, "number_in_text", said)] if said else []
    for values in ({"add": {"visits": text}}, {"user_properties": {"$add": {"visits": text}}}):
        before = repr(values)
        requests, repairs = repaired("logEventV2", {**EVENT, **values}, conflict=conflict)
        assert properties_of(requests) == [{"$add": {"visits": number}}]
        assert (repairs, repr(values)) == (warnings, before)
        requests = send("logEventV2", {**EVENT, **values}, checks=False)
        assert properties_of(requests) == [{"$add": {"visits": text}}]


@pytest.mark.parametrize("values", [{"add": {"visits": None}}, {"user_properties": {"$add": {"visits": None}}}])
def test_null_adds_nothing(values: dict[str, Any]) -> None:
    assert not event(values).get("user_properties")
    filled = {name: {**inner, "logins": 1} for name, inner in {"add": {"visits": None}}.items()}
    assert event(filled)["user_properties"] == {"$add": {"logins": 1}}


@pytest.mark.parametrize("value", ["three", True, [1], {"a": 1}])
def test_nothing_else_can_be_added(value: Any) -> None:
    for values in ({"add": {"visits": value}}, {"user_properties": {"$add": {"visits": value}}}):
        failure = refusal("logEventV2", {**EVENT, **values})
        assert (failure.code, failure.field) == ("bad_operation", "user_properties.$add.visits")
        assert failure.message.startswith("must be a number to be added, but it is ")
        assert send("logEventV2", {**EVENT, **values}, checks=False)


def test_all_can_be_cleared_beside_other_operations() -> None:
    kept = {"$clearAll": "-", "$set": {"plan": "pro"}}
    assert event({"user_properties": kept})["user_properties"] == kept


@pytest.mark.parametrize("group_type", ["$set", "$setAlways", "$other", "$"])
def test_a_group_type_that_looks_like_an_operation_is_refused(group_type: str) -> None:
    failure = refusal("groupIdentifyUser", {**PERSON, "group_type": group_type, "group_value": "acme"})
    assert (failure.code, failure.field) == ("bad_operation", "group_type")


# --- every way that properties come together -------------------------------------------------------------------------

Case = tuple[str, ConflictPolicy, dict[str, Any], dict[str, Any], list[tuple[str, str]]]
"""Action, policy, fields; the user properties of the one request, and what is left out as (field, message)."""

SETTLED: dict[str, Case] = {
    "$setAlways alone": ("logEventV2", "reject", {"user_properties": {"$setAlways": {"a": 1}}}, {"$set": {"a": 1}}, []),
    "$setAlways in an identify call": (
        "identifyUser",
        "reject",
        {"user_properties": {"$setAlways": {"a": 1}}},
        {"$set": {"a": 1}},
        [],
    ),
    "$setAlways beside plain ones, folded": (
        "identifyUser",
        "fold",
        {"user_properties": {"plan": "pro", "$setAlways": {"a": 1}}},
        {"$set": {"plan": "pro", "a": 1}},
        [],
    ),
    "$setAlways beside $setOnce, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"$setOnce": {"first": 1}, "$setAlways": {"last": 2}}},
        {"$setOnce": {"first": 1}, "$set": {"last": 2}},
        [],
    ),
    "$setAlways beside $set, which wins": (
        "logEventV2",
        "reject",
        {"user_properties": {"$set": {"a": 1}, "$setAlways": {"a": 2, "b": 3}}},
        {"$set": {"a": 1, "b": 3}},
        [("user_properties.$set.a", "2 is left out; `$set` has another value for the property")],
    ),
    "$setOnce beside the field": (
        "logEventV2",
        "reject",
        {"user_properties": {"$setOnce": {"x": 1}}, "setOnce": {"a": 2}},
        {"$setOnce": {"x": 1, "a": 2}},
        [],
    ),
    "$setOnce beside the field, for one property": (
        "logEventV2",
        "reject",
        {"user_properties": {"$setOnce": {"x": 1, "y": 1}}, "setOnce": {"x": 2, "y": 1}},
        {"$setOnce": {"x": 2, "y": 1}},
        [("user_properties.$setOnce.x", "1 is left out; `$setOnce` has another value for the property")],
    ),
    "$set and $setAlways beside the field": (
        "logEventV2",
        "reject",
        {"user_properties": {"$set": {"x": 1}, "$setAlways": {"y": 2}}, "setAlways": {"a": 3}},
        {"$set": {"x": 1, "y": 2, "a": 3}},
        [],
    ),
    "$add beside the field": (
        "logEventV2",
        "reject",
        {"user_properties": {"$add": {"x": 1}}, "add": {"a": 2}},
        {"$add": {"x": 1, "a": 2}},
        [],
    ),
    "all fields beside all operations": (
        "logEventV2",
        "fold",
        {
            "user_properties": {"p": 0, "$setOnce": {"a": 1}, "$setAlways": {"b": 2}, "$add": {"c": 3}},
            "setOnce": {"d": 4},
            "setAlways": {"e": 5},
            "add": {"f": 6},
        },
        {"$setOnce": {"a": 1, "d": 4}, "$set": {"p": 0, "b": 2, "e": 5}, "$add": {"c": 3, "f": 6}},
        [],
    ),
    "all fields of an identify call": (
        "identifyUser",
        "fold",
        {
            "user_properties": {"p": 0, "$setOnce": {"a": 1}},
            "setOnce": {"d": 4},
            "setAlways": {"e": 5},
            "add": {"f": 6},
            "referrer": "r",
        },
        {
            "$setOnce": {"a": 1, "d": 4, "initial_referrer": "r"},
            "$set": {"p": 0, "e": 5, "referrer": "r"},
            "$add": {"f": 6},
        },
        [],
    ),
    "a field wins over the touch": (
        "identifyUser",
        "reject",
        {"setOnce": {"initial_referrer": "own"}, "referrer": "page"},
        {"$setOnce": {"initial_referrer": "own"}, "$set": {"referrer": "page"}},
        [
            (
                "user_properties.$setOnce.initial_referrer",
                '"page" is left out; `$setOnce` has another value for the property',
            )
        ],
    ),
    "an operation beside the touches of an event": (
        "logEvent",
        "reject",
        {"user_properties": {"$setOnce": {"x": 1}, "$add": {"n": 1}}, "referrer": "r"},
        {"$setOnce": {"x": 1, "initial_referrer": "r"}, "$set": {"referrer": "r"}, "$add": {"n": 1}},
        [],
    ),
    "a plain property that is added to, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"friendCount": 3, "plan": "pro"}, "add": {"friendCount": 1}},
        {"$set": {"plan": "pro"}, "$add": {"friendCount": 1}},
        [("user_properties.friendCount", "3 is left out; `$add` has the property too")],
    ),
    "nothing but a plain property that is added to, folded": (
        "identifyUser",
        "fold",
        {"user_properties": {"friendCount": 3}, "add": {"friendCount": 3}},
        {"$add": {"friendCount": 3}},
        [("user_properties.friendCount", "3 is left out; `$add` has the property too")],
    ),
    "nothing but a plain property that is added to, split": (
        "identifyUser",
        "split",
        {"user_properties": {"friendCount": 3}, "add": {"friendCount": 3}},
        {"$add": {"friendCount": 3}},
        [("user_properties.friendCount", "3 is left out; `$add` has the property too")],
    ),
    "a plain property that is added to in the traits": (
        "identifyUser",
        "fold",
        {"user_properties": {"friendCount": 3, "$add": {"friendCount": 1}}},
        {"$add": {"friendCount": 1}},
        [("user_properties.friendCount", "3 is left out; `$add` has the property too")],
    ),
    "a plain property that null is added to, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"friendCount": 3, "$add": {"friendCount": None, "logins": 1}}},
        {"$set": {"friendCount": 3}, "$add": {"logins": 1}},
        [],
    ),
    "a plain property that is set once, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"initial_referrer": "a", "plan": "pro"}, "setOnce": {"initial_referrer": "b"}},
        {"$set": {"plan": "pro"}, "$setOnce": {"initial_referrer": "b"}},
        [("user_properties.initial_referrer", '"a" is left out; `$setOnce` has the property too')],
    ),
    "a plain property that is set, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"city": "Rome", "plan": "pro"}, "setAlways": {"city": "Oslo", "plan": "pro"}},
        {"$set": {"city": "Oslo", "plan": "pro"}},
        [("user_properties.city", '"Rome" is left out; `$set` has the property too')],
    ),
    "a plain property that is appended to, folded": (
        "logEventV2",
        "fold",
        {"user_properties": {"tags": ["a"], "$append": {"tags": "b"}}},
        {"$append": {"tags": "b"}},
        [("user_properties.tags", '["a"] is left out; `$append` has the property too')],
    ),
    "a trait that the touches stand for": (
        "logEvent",
        "reject",
        {"user_properties": {"referrer": "trait"}, "referrer": "page"},
        {"$set": {"referrer": "page"}, "$setOnce": {"initial_referrer": "page"}},
        [("user_properties.referrer", '"trait" is left out; the fields of the campaign and the referrer are sent')],
    ),
    "an empty operation": ("logEventV2", "reject", {"user_properties": {"$set": {}, "plan": 1}}, {"plan": 1}, []),
    "a null operation": ("logEventV2", "reject", {"user_properties": {"$set": None, "plan": 1}}, {"plan": 1}, []),
    "an empty operation beside a field": (
        "logEventV2",
        "reject",
        {"user_properties": {"$set": {}, "$setOnce": None}, "add": {"n": 1}},
        {"$add": {"n": 1}},
        [],
    ),
    "fields that hold nothing": (
        "identifyUser",
        "reject",
        {"user_properties": {"plan": 1}, "setOnce": {}, "setAlways": {"utm_term": ""}, "add": {"n": None}},
        {"plan": 1},
        [],
    ),
}


@pytest.mark.parametrize(("action", "conflict", "values", "sent", "said"), SETTLED.values(), ids=SETTLED)
def test_properties_are_settled(
    action: str, conflict: ConflictPolicy, values: dict[str, Any], sent: dict[str, Any], said: list[tuple[str, str]]
) -> None:
    before = json.dumps(values)
    requests, repairs = repaired(action, {**EVENT, **values}, conflict=conflict)
    assert properties_of(requests) == [sent]
    assert [(field, message) for field, code, message in repairs if code == "property_overridden"] == said
    assert len(repairs) == len(said)
    assert json.dumps(values) == before, "the event itself is never changed"


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


KNOWN = sorted(OPERATIONS.names)
NAMES = st.sampled_from(["plan", "city", "referrer", "utm_source", "initial_referrer", "$other", "$", *KNOWN])
SCALARS = st.none() | st.integers(0, 3) | st.sampled_from(["x", "", "2", "x" * 3])
KEYS = st.sampled_from(["a", "b", "plan", "city", "referrer", "initial_referrer", "$set", "$other"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=4,
)
PROPERTIES = st.dictionaries(NAMES, VALUES, max_size=5)


@settings(max_examples=500, deadline=None)
@given(
    action=st.sampled_from(["logEvent", "logEventV2", "logPurchase", "identifyUser", "groupIdentifyUser"]),
    conflict=st.sampled_from(["reject", "fold", "split"]),
    checks=st.booleans(),
    values=st.fixed_dictionaries(
        {},
        optional={
            "user_properties": PROPERTIES,
            "group_properties": PROPERTIES,
            "setOnce": PROPERTIES,
            "setAlways": PROPERTIES,
            "add": PROPERTIES,
            "utm_properties": st.dictionaries(st.sampled_from(["utm_source", "utm_term"]), st.text(max_size=2)),
            "referrer": st.text(max_size=2),
            "products": st.lists(st.just({"price": 1}), max_size=2),
            "group_type": NAMES,
        },
    ),
)
def test_no_input_ever_mixes_them(action: str, conflict: ConflictPolicy, checks: bool, values: dict[str, Any]) -> None:
    whole = {**PERSON, "event_type": "Test", "group_type": "company", "group_value": "acme", **values}
    before = json.dumps(whole)
    try:
        requests, repairs = repaired(action, whole, conflict=conflict, checks=checks)
    except Refused:
        return
    assert json.dumps(whole) == before, "the event itself is never changed"
    sent = properties_of(requests)
    for properties in sent:
        operations = [name for name in properties if is_operation(name)]
        if checks or action != "groupIdentifyUser":
            assert len(operations) in (0, len(properties))
            assert set(operations) <= set(OPERATIONS.names.values())
        if checks:
            changed = [properties[name] for name in operations if name not in OPERATIONS.whole]
            names = [key for properties in changed for key in properties]
            assert len(names) == len(set(names))
            assert not any(map(is_operation, names))
    if checks:
        for text in lost(action, whole, sent):
            assert any(text in message for _, _, message in repairs), f"{text} is gone without a word"


def lost(action: str, values: dict[str, Any], sent: list[dict[str, Any]]) -> list[str]:
    """The texts of all property values that were given and that no request has any more."""
    here = leaves(sent)
    fields = {
        "logEvent": ["user_properties"],
        "logPurchase": ["user_properties"],
        "logEventV2": ["user_properties", "setOnce", "setAlways", "add"],
        "identifyUser": ["user_properties", "setOnce", "setAlways", "add"],
        "groupIdentifyUser": ["group_properties"],
    }[action]
    given = [values[name] for name in fields if name in values]
    return sorted(leaves(given) - here)


def leaves(value: Any) -> set[str]:
    """The numbers and filled texts at any depth, as JSON."""
    if isinstance(value, dict):
        return set().union(*map(leaves, value.values())) if value else set()
    if isinstance(value, list):
        return set().union(*map(leaves, value)) if value else set()
    return set() if value is None or value == "" else {json.dumps(value)}
