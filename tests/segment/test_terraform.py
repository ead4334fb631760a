"""A state of Terraform is imported like Segment's own export; what it cannot say is said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rulewright import import_subscriptions
from rulewright.segment.problems import SegmentFormatError

MAPPING = {"event_type": {"@path": "$.event"}, "user_id": {"@path": "$.userId"}}
ATTRIBUTES = {
    "action_id": "5iqxMeGVdXyYVtdbRMaVrZ",
    "action_slug": "logEventV2",
    "destination_id": "d-1",
    "enabled": True,
    "id": "s-1",
    "model_id": "",
    "name": "Tracks",
    "settings": json.dumps(MAPPING),
    "trigger": 'type = "track"',
}


def resource(kind: str = "segment_destination_subscription", **attributes: Any) -> dict[str, Any]:
    return {"address": f"{kind}.a", "mode": "managed", "type": kind, "name": "a", "values": attributes}


def subscription(**changes: Any) -> dict[str, Any]:
    return resource(**{**ATTRIBUTES, **changes})


def destination(identifier: str, settings: Any) -> dict[str, Any]:
    return resource("segment_destination", id=identifier, settings=json.dumps(settings), name="Amplitude")


def state(*resources: Any, **module: Any) -> dict[str, Any]:
    return {"format_version": "1.0", "values": {"root_module": {"resources": [*resources], **module}}}


def test_a_state_is_read_like_an_export() -> None:
    export = [{"name": "Tracks", "subscribe": 'type = "track"', "partnerAction": "logEventV2", "mapping": MAPPING}]
    text = import_subscriptions(export)
    other = resource("segment_source", id="x", settings="{}")
    assert import_subscriptions(state(other, subscription())) == text
    assert import_subscriptions(json.dumps(state(subscription()))) == text
    assert import_subscriptions({"planned_values": state(subscription())["values"]}) == text
    assert import_subscriptions(state(child_modules=[{"child_modules": [{"resources": [subscription()]}]}])) == text


def test_the_region_of_the_destination_is_kept() -> None:
    europe = destination("d-1", {"apiKey": "K", "endpoint": "europe"})
    america = destination("d-2", {"apiKey": "K", "endpoint": "north_america"})
    assert 'endpoint = "europe"' in import_subscriptions(state(europe, america, subscription()))
    assert "endpoint" not in import_subscriptions(state(europe, america, subscription(destination_id="d-2")))
    webhook = destination("d-3", {"sharedSecret": "S"})
    both = state(europe, webhook, subscription(), subscription(destination_id="d-3", name="Others", action_slug="send"))
    assert 'endpoint = "europe"' in import_subscriptions(both)
    assert "Amplitude has no action `send`" in import_subscriptions(both)


def test_several_destinations_are_refused() -> None:
    destinations = [destination(name, {"apiKey": "K", "endpoint": "europe"}) for name in ("d-1", "d-2")]
    with pytest.raises(
        SegmentFormatError, match=r"are settings of several destinations; import the subscriptions of one"
    ):
        import_subscriptions(state(*destinations, subscription(), subscription(destination_id="d-2")))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (state(subscription(action_slug=None)), "values.root_module.resources[0].values: a subscription needs"),
        (state(), "no subscriptions found"),
        (state(resource("segment_source", id="x")), "no subscriptions found"),
        ({"values": {"root_module": 5}}, "no subscriptions found"),
        ({"values": {"root_module": {"resources": 5, "child_modules": [5]}}}, "no subscriptions found"),
        (state({"type": "segment_destination_subscription", "values": 5}), "no subscriptions found"),
    ],
)
def test_a_state_without_a_subscription_is_refused_with_its_place(document: Any, message: str) -> None:
    with pytest.raises(SegmentFormatError) as caught:
        import_subscriptions(document)
    assert message in str(caught.value)
