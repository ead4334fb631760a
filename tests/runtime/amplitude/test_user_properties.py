"""Plain user properties and operations never go out in one request, whatever comes in and whichever way is chosen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright.runtime.action import ConflictPolicy
from rulewright.runtime.destinations.amplitude.user_properties import OPERATIONS
from rulewright.runtime.outcome import Refused, Request
from tests.runtime.amplitude.actions import event, people, refusal, send

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
    assert event({"user_properties": {"plan": "pro", "$other": 1}})["user_properties"] == {"plan": "pro", "$other": 1}


def test_operations_alone_stay_as_they_are() -> None:
    sent = event({"user_properties": {"$add": {"visits": 1}}, "setOnce": {"first": "a"}, "setAlways": {"last": ""}})
    assert sent["user_properties"] == {"$add": {"visits": 1}, "$setOnce": {"first": "a"}}


def test_reject_says_which_properties_do_not_go_together() -> None:
    found = refusal("logEventV2", {**EVENT, "user_properties": {"a": 1, "b": 2, "c": 3, "d": 4}, "add": {"n": 1}})
    assert (found.code, found.field) == ("mixed_user_properties", "user_properties")
    assert found.message == "plain properties (`a`, `b`, `c`, …) and operations (`$add`) cannot be in one request"


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
    by_action = {action: properties_of(send(action, values))[0]["$set"] for action in ("logEvent", "identifyUser")}
    assert by_action == {"logEvent": {"referrer": "own"}, "identifyUser": {"referrer": "https://a.example"}}


def test_a_property_is_in_one_operation_only() -> None:
    values = {**EVENT, "setOnce": {"visits": 1}, "add": {"visits": 1}}
    found = refusal("logEventV2", values)
    assert (found.code, found.field) == ("property_in_two_operations", "user_properties")
    assert found.message.startswith("`visits` is in `$setOnce` and in `$add`")
    assert send("logEventV2", values, checks=False)


def test_folding_can_bring_a_property_into_two_operations() -> None:
    values = {**EVENT, "user_properties": {"visits": 5}, "add": {"visits": 1}}
    assert refusal("logEventV2", values, conflict="fold").code == "property_in_two_operations"
    assert len(send("logEventV2", values, conflict="split")) == 2


def test_an_operation_is_an_object() -> None:
    found = refusal("logEventV2", {**EVENT, "user_properties": {"$set": "text"}})
    assert (found.code, found.field) == ("bad_operation", "user_properties.$set")
    assert found.message == 'must be an object but it is a string: "text"'


@pytest.mark.parametrize("value", [3, 2.5, -1, "4", " 4.5 ", None])
def test_a_number_can_be_added(value: Any) -> None:
    assert event({"add": {"visits": value}})["user_properties"] == {"$add": {"visits": value}}


@pytest.mark.parametrize("value", ["three", True, [1], {"a": 1}])
def test_nothing_else_can_be_added(value: Any) -> None:
    for values in ({"add": {"visits": value}}, {"user_properties": {"$add": {"visits": value}}}):
        found = refusal("logEventV2", {**EVENT, **values})
        assert (found.code, found.field) == ("bad_operation", "user_properties.$add.visits")
        assert found.message.startswith("must be a number to be added, but it is ")
        assert send("logEventV2", {**EVENT, **values}, checks=False)


def test_all_can_be_cleared_beside_other_operations() -> None:
    kept = {"$clearAll": "-", "$set": {"plan": "pro"}}
    assert event({"user_properties": kept})["user_properties"] == kept


def test_a_group_type_that_is_an_operation_is_refused() -> None:
    values = {**PERSON, "group_type": "$set", "group_value": "acme"}
    assert refusal("groupIdentifyUser", values).code == "bad_operation"


NAMES = st.sampled_from(["plan", "city", "referrer", "utm_source", "$other", *sorted(OPERATIONS)])
VALUES = (
    st.none() | st.integers(0, 3) | st.just("x") | st.dictionaries(st.sampled_from("abc"), st.integers(), max_size=2)
)
PROPERTIES = st.dictionaries(NAMES, VALUES, max_size=5)


@settings(max_examples=300, deadline=None)
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
    try:
        requests = send(action, whole, conflict=conflict, checks=checks)
    except Refused:
        return
    for properties in properties_of(requests):
        operations = [name for name in properties if name in OPERATIONS]
        assert not operations or len(operations) == len(properties)
        if checks:
            names = [key for name in operations if name != "$clearAll" for key in properties[name] or ()]
            assert len(names) == len(set(names))
