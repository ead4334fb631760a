"""Events of public bug reports on Amplitude destinations and SDKs: each is sent right, repaired and said, or refused.

Each row names the repository and the number of its issue or pull request on GitHub.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

import rulewright
from rulewright.runtime.outcome import Outcome
from tests.paths import ROOT

Values = dict[str, Any]

MAPPER = rulewright.load(ROOT / "rules" / "amplitude" / "presets.rules")
COMMON = {"userId": "user-1", "messageId": "m-1", "timestamp": "2024-05-01T12:34:56Z"}
TRACK = {**COMMON, "type": "track", "event": "Clicked"}
ORDER = {**TRACK, "event": "Order Completed"}
IDENTIFY = {**COMMON, "type": "identify"}
TIME = 1714566896000
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 15_6_1 like Mac OS X) AppleWebKit/605.1.15 (HTML, like Gecko) Mobile/15E148 "
    "Instagram 259.0.0.18.104 (iPhone12,8; iOS 15_6_1; en_US; en; scale=2.00; 750x1334; 413505119)"
)


def session(value: Any) -> Values:
    return {**TRACK, "integrations": {"Actions Amplitude": {"session_id": value}}}


def device(**values: Any) -> Values:
    return {**TRACK, "context": {"device": values}}


def properties(value: Any) -> Values:
    return {**TRACK, "properties": value}


SENT: dict[str, tuple[Values, Values]] = {
    "segmentio/action-destinations#190": (session("1714566896000"), {"session_id": TIME}),
    "segmentio/analytics_flutter#39": (session(-1), {"session_id": -1}),
    "segmentio/consent-manager#307, an object": (
        {**session(TIME), "integrations": {"All": False, "Actions Amplitude": {"session_id": TIME}}},
        {"session_id": TIME},
    ),
    "segmentio/consent-manager#307, true": (
        {**TRACK, "integrations": {"All": False, "Actions Amplitude": True}},
        {"session_id": None},
    ),
    "rudderlabs/rudder-server#2890": (
        {**TRACK, "anonymousId": None, "timestamp": "2023-01-20T11:26:09.8002130Z"},
        {"time": 1674213969800, "device_id": None},
    ),
    "rudderlabs/rudder-transformer#503": (device(id="IDFV-1"), {"idfv": "IDFV-1", "device_id": "IDFV-1"}),
    "amplitude/Amplitude-Node#63": ({**TRACK, "userId": 31467}, {"user_id": "31467"}),
    "amplitude/Amplitude-Swift#256": (properties({"type": "x"}), {"event_properties": {"type": "x"}}),
    "amplitude/Amplitude-TypeScript#265": (
        {**TRACK, "context": {"userAgent": INSTAGRAM}},
        {"os_name": "iOS", "device_model": "iPhone12,8", "device_manufacturer": "Apple", "device_type": "mobile"},
    ),
    "segmentio/action-destinations#1575": (
        {**TRACK, "context": {"userAgent": INSTAGRAM, "userAgentData": {"model": "X", "platformVersion": "16.1"}}},
        {"os_version": "16.1", "device_model": "X"},
    ),
    "segmentio/analytics-node#269": (
        {**TRACK, "context": {"page": {"referrer": "https://a.b/"}}},
        {
            "user_properties": {
                "$set": {"referrer": "https://a.b/"},
                "$setOnce": {"initial_referrer": "https://a.b/"},
            }
        },
    ),
    "segmentio/action-destinations#916": (
        {**ORDER, "properties": {"price": 10, "quantity": 2}},
        {"revenue": 20, "price": 10, "quantity": 2},
    ),
    "segmentio/action-destinations#632": (
        properties({"products": [{"price": 10}], "revenue": 10}),
        {"revenue": None, "price": None},
    ),
    "amplitude/Amplitude-JavaScript#160": ({**TRACK, "properties": None}, {"event_properties": None}),
    "segment-boneyard/segment-docs#5421": (
        {**IDENTIFY, "traits": {"$append": {"interests": "Music"}, "subscription type": "paid"}},
        {"user_properties": {"$append": {"interests": "Music"}, "$set": {"subscription type": "paid"}}},
    ),
    "amplitude/Amplitude-Node#110": (
        {**IDENTIFY, "traits": {"$set": {"week": 5}, "$add": {"messages": 1}}},
        {"user_properties": {"$set": {"week": 5}, "$add": {"messages": 1}}},
    ),
}

REFUSED: dict[str, tuple[Values, str, str]] = {
    "claimsforce-gmbh/flutter-segment#106": (session("9oFMfS90aH1gLZUS"), "session_id", "wrong_type"),
    "rudderlabs/rudder-transformer#127": ({**TRACK, "userId": 123}, "user_id", "short_id"),
    "amplitude/Amplitude-Kotlin#105": ({**TRACK, "userId": "2"}, "user_id", "short_id"),
    "amplitude/Amplitude-TypeScript#350": ({**TRACK, "userId": "Anonymous"}, "user_id", "forbidden_id"),
    "amplitude/Amplitude-Node#59": ({**TRACK, "userId": None}, "user_id", "no_id"),
    "rudderlabs/rudder-transformer#1521": ({**IDENTIFY, "userId": ""}, "user_id", "no_id"),
    "amplitude/Amplitude-JavaScript#17": (properties("x"), "event_properties", "wrong_type"),
    "segmentio/analytics-android#480": (
        {**ORDER, "properties": {"products": "[Lcom.segment.analytics.Properties$Product;@36db3d6"}},
        "products[0]",
        "wrong_type",
    ),
    "toothrot/amplitude-api, reserved_event?": (
        {**TRACK, "event": "[Amplitude] Revenue"},
        "event_type",
        "reserved_event",
    ),
    "all-zero device IDs": (device(id="00000000-0000-0000-0000-000000000000"), "device_id", "forbidden_id"),
}


def sent(outcome: Outcome) -> Values:
    """The first event or user of the only request."""
    (request,) = outcome.requests
    if request.json is not None:
        first: Values = request.json["events"][0]
        return first
    assert request.form is not None
    person: Values = json.loads(request.form["identification"])
    return person


def outcomes(event: Values) -> list[Outcome]:
    """As an object, and as text."""
    return [MAPPER(event), MAPPER.map_bytes(json.dumps(event))]


@pytest.mark.parametrize(("event", "values"), SENT.values(), ids=SENT)
def test_the_event_of_a_report_is_sent_right(event: Values, values: Values) -> None:
    for outcome in outcomes(event):
        assert (outcome.failures, outcome.warnings) == ([], [])
        person = sent(outcome)
        assert {name: person.get(name) for name in values} == values


@pytest.mark.parametrize(("event", "field", "code"), REFUSED.values(), ids=REFUSED)
def test_the_event_of_a_report_is_refused_with_its_field(event: Values, field: str, code: str) -> None:
    for outcome in outcomes(event):
        assert outcome.requests == []
        assert [(failure.field, failure.code) for failure in outcome.failures] == [(field, code)]
