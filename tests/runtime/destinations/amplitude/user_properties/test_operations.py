"""What operations hold: the first and the last touch, and numbers that are added."""

from __future__ import annotations

import json
from typing import Any

import pytest

import rulewright
from tests.runtime.destinations.amplitude.action_requests import (
    EVENT,
    PERSON,
    event,
    properties_of,
    repaired,
    send,
)


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


def test_all_can_be_cleared_beside_other_operations() -> None:
    kept = {"$clearAll": "-", "$set": {"plan": "pro"}}
    assert event({"user_properties": kept})["user_properties"] == kept
