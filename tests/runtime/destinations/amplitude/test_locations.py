"""A location is sent; if it cannot be on earth, a warning says so."""

from __future__ import annotations

import json
from typing import Any

import pytest

import rulewright
from rulewright.runtime.outcome import Outcome

ACTIONS = ("logEvent", "logEventV2", "logPurchase")
RULES = """destination amplitude
mapping "M" -> {action} {{
  when type = "track"
  use defaults
}}
"""
EVENT = {"type": "track", "event": "Clicked", "userId": "user-1", "messageId": "m-1"}


def outcomes(action: str, location: dict[str, Any], *, checks: bool = True) -> list[Outcome]:
    """As an object, and as text."""
    mapper = rulewright.load(RULES.format(action=action), settings={"apiKey": "K"}, checks=checks)
    event = {**EVENT, "context": {"location": location}}
    return [mapper(event), mapper.map_bytes(json.dumps(event))]


def sent(outcome: Outcome) -> dict[str, Any]:
    [request] = outcome.requests
    assert request.json is not None
    return {name: value for name, value in request.json["events"][0].items() if name.startswith("location")}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(0, 0), (90, 180), (-90, -180), (-90.0, 180.0), (52.09, None), (None, -5.12), ("52.09", "-5.12")],
)
def test_a_place_on_earth_is_sent(action: str, latitude: Any, longitude: Any) -> None:
    place = {"location_lat": latitude, "location_lng": longitude}
    for outcome in outcomes(action, {"latitude": latitude, "longitude": longitude}):
        assert (outcome.warnings, outcome.failures) == ([], [])
        assert sent(outcome) == {name: float(value) for name, value in place.items() if value is not None}


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize(
    ("latitude", "longitude", "messages"),
    [
        (90.01, 5, {"location_lat": "90.01 is sent, but a latitude is from -90 to 90 degrees"}),
        (52, 180.5, {"location_lng": "180.5 is sent, but a longitude is from -180 to 180 degrees"}),
        (52, -181, {"location_lng": "-181 is sent, but a longitude is from -180 to 180 degrees"}),
        (
            "520900000",
            "51200000",
            {
                "location_lat": "520900000 is sent, but a latitude is from -90 to 90 degrees",
                "location_lng": "51200000 is sent, but a longitude is from -180 to 180 degrees",
            },
        ),
        (None, 360, {"location_lng": "360 is sent, but a longitude is from -180 to 180 degrees"}),
        (-122.4, None, {"location_lat": "-122.4 is sent, but a latitude is from -90 to 90 degrees"}),
    ],
)
def test_a_place_that_is_not_on_earth_is_sent_and_said(
    action: str, latitude: Any, longitude: Any, messages: dict[str, str]
) -> None:
    place = {"location_lat": latitude, "location_lng": longitude}
    for outcome in outcomes(action, {"latitude": latitude, "longitude": longitude}):
        assert {repair.field: repair.message for repair in outcome.warnings} == messages
        assert {repair.code for repair in outcome.warnings} == {"not_a_place"}
        assert sent(outcome) == {name: float(value) for name, value in place.items() if value is not None}


def test_any_place_is_sent_with_checks_off() -> None:
    for outcome in outcomes("logEventV2", {"latitude": 91.5, "longitude": 200}, checks=False):
        assert outcome.warnings == []
        assert sent(outcome) == {"location_lat": 91.5, "location_lng": 200}
