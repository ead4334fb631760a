"""The fake keeps what users' properties have become, so that a rule can be seen to do what it says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

import rulewright
from rulewright.runtime.destinations.amplitude.fake.profiles import apply
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.paths import ROOT

PRESETS = ROOT / "rules" / "amplitude" / "presets.rules"
FRIENDS = """\
destination amplitude

mapping "Friends" -> ACTION {
  when type = "identify"
  use defaults
  event_type = "Friends Changed"
  user_properties = traits
  add = { friendCount: traits.friendCount }
  on conflict fold
}
"""


def sent(mapper: rulewright.Mapper, *events: dict[str, Any]) -> FakeAmplitude:
    """A fake that took what the mapper makes of the events."""
    fake = FakeAmplitude()
    for event in events:
        outcome = mapper(event)
        assert outcome.failures == []
        for request in outcome.requests:
            headers = {name.lower(): value for name, value in request.headers.items()}
            assert fake.handle(urlsplit(request.url).path, headers, request.body).status == 200
    return fake


def identify(number: int, traits: dict[str, Any]) -> dict[str, Any]:
    return {"type": "identify", "userId": "user-1", "messageId": f"message-{number}", "traits": traits}


@pytest.mark.parametrize("rules", [PRESETS, FRIENDS.replace("ACTION", "identifyUser").replace("  event_type", "  #")])
def test_the_page_increments_a_trait_to_four(rules: Path | str) -> None:
    """Segment's page, "Increment Traits"."""
    mapper = rulewright.load(rules, settings={"apiKey": "KEY"})
    fake = sent(mapper, identify(1, {"$add": {"friendCount": 3}}), identify(2, {"$add": {"friendCount": 1}}))
    assert fake.profiles.of("user-1") == {"friendCount": 4}


@pytest.mark.parametrize("action", ["identifyUser", "logEventV2"])
def test_a_trait_that_is_added_to_is_not_set_as_well(action: str) -> None:
    text = FRIENDS.replace("ACTION", action)
    if action == "identifyUser":
        text = text.replace('  event_type = "Friends Changed"\n', "")
    mapper = rulewright.load(text, settings={"apiKey": "KEY"})
    events = [identify(1, {"friendCount": 3, "plan": "pro"}), identify(2, {"friendCount": 1, "plan": "basic"})]
    assert sent(mapper, *events).profiles.of("user-1") == {"friendCount": 4, "plan": "basic"}
    repairs = [repair for event in events for repair in mapper(event).warnings]
    assert [(repair.field, repair.code) for repair in repairs] == [
        ("user_properties.friendCount", "property_overridden")
    ] * 2


def test_an_event_that_comes_again_changes_nothing() -> None:
    text = FRIENDS.replace("ACTION", "logEventV2")
    mapper = rulewright.load(text, settings={"apiKey": "KEY"})
    event = identify(1, {"friendCount": 3})
    assert sent(mapper, event, event).profiles.of("user-1") == {"friendCount": 3}


@pytest.mark.parametrize(
    ("before", "operations", "after"),
    [
        ({"a": 1}, {"$set": {"a": 2, "b": [1]}}, {"a": 2, "b": [1]}),
        ({"a": 1}, {"$setOnce": {"a": 2, "b": 3}}, {"a": 1, "b": 3}),
        ({"a": 1}, {"$add": {"a": 2, "b": -3, "c": "2.5"}}, {"a": 3, "b": -3, "c": 2.5}),
        ({"a": "text", "b": "3", "c": True}, {"$add": {"a": 1, "b": 1, "c": 1}}, {"a": 1, "b": 4, "c": 1}),
        ({"a": [1]}, {"$append": {"a": 2, "b": [3, 4]}}, {"a": [1, 2], "b": [3, 4]}),
        ({"a": 1}, {"$prepend": {"a": [2, 3]}}, {"a": [2, 3, 1]}),
        ({"a": [1, 2]}, {"$postInsert": {"a": [2, 3]}}, {"a": [1, 2, 3]}),
        ({"a": [1, 2]}, {"$preInsert": {"a": [2, 3]}}, {"a": [3, 1, 2]}),
        ({"a": [1, 2, 1]}, {"$remove": {"a": 1, "b": 2}}, {"a": [2], "b": []}),
        ({"a": 1, "b": 2}, {"$unset": {"a": "-", "c": "-"}}, {"b": 2}),
        ({"a": 1}, {"$clearAll": "-"}, {}),
        ({"a": 1}, {"$clearAll": "-", "$set": {"b": 2}}, {"b": 2}),
    ],
)
def test_operations_change_a_profile(before: dict[str, Any], operations: dict[str, Any], after: dict[str, Any]) -> None:
    apply(before, operations)
    assert before == after


def test_a_profile_can_be_looked_up() -> None:
    with serving(FakeAmplitude()) as url:
        form = {"api_key": "k", "identification": json.dumps({"device_id": "device-1", "user_properties": {"a": 1}})}
        assert httpx.post(f"{url}/identify", data=form).text == "success"
        answer = httpx.get(f"{url}/double/user", params={"device_id": "device-1"})
        assert (answer.status_code, answer.json()["user_properties"]) == (200, {"a": 1})
        assert httpx.get(f"{url}/double/user", params={"user_id": "device-1"}).status_code == 404
        assert httpx.get(f"{url}/double/user").status_code == 404
