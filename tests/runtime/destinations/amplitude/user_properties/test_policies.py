"""Plain user properties and operations never go out in one request, whichever policy is chosen."""

from __future__ import annotations

from tests.runtime.destinations.amplitude.action_requests import (
    EVENT,
    PERSON,
    event,
    people,
    refusal,
    send,
)


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
