"""Subscriptions in a state of Terraform, as `terraform show -json` writes it.

Source: terraform-provider-segment, the resources `segment_destination_subscription` and `segment_destination`, which
hold their settings as JSON text; Terraform, "JSON Output Format".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .mappings.import_mapping import decoded
from .problems import JsonPath, SegmentFormatError, written

_SUBSCRIPTION = "segment_destination_subscription"
_DESTINATION = "segment_destination"
_STATES = ("values", "planned_values")
_OF_AMPLITUDE = ("apiKey", "endpoint")
"""Settings by which a destination in a state that holds several is told to be Amplitude."""
_DEEPEST_MODULE = 20

Located = tuple[Any, JsonPath]
"""A part of a document, and where it is."""


def subscriptions_of_state(document: Any) -> list[Located]:
    """The attributes of each subscription in a state; none in any other document."""
    return list(_resources(document, _SUBSCRIPTION))


def settings_of_state(document: Any, subscriptions: list[Located]) -> tuple[dict[str, Any], JsonPath]:
    """The settings of the destination that the subscriptions belong to. Raises SegmentFormatError for several."""
    ids = {subscription.get("destination_id") for subscription, _ in subscriptions}
    candidates = []
    for attributes, place in _resources(document, _DESTINATION):
        settings = attributes.get("settings")
        if isinstance(settings, str):
            settings = decoded(settings)
        if attributes.get("id") in ids and isinstance(settings, dict) and any(key in settings for key in _OF_AMPLITUDE):
            candidates.append((settings, (*place, "settings")))
    if len(candidates) > 1:
        places = " and ".join(f"`{written(place)}`" for _, place in candidates)
        raise SegmentFormatError(f"{places} are settings of several destinations; import the subscriptions of one")
    return candidates[0] if candidates else ({}, ())


def _resources(document: Any, kind: str) -> Iterator[Located]:
    """The attributes of all resources of a kind that Terraform manages."""
    for state in _STATES:
        if isinstance(document, dict) and isinstance(document.get(state), dict):
            yield from _in_module(document[state].get("root_module"), kind, (state, "root_module"))


def _in_module(module: Any, kind: str, place: JsonPath) -> Iterator[Located]:
    if not isinstance(module, dict) or len(place) > _DEEPEST_MODULE:
        return
    for index, resource in enumerate(_list(module, "resources")):
        if isinstance(resource, dict) and resource.get("type") == kind and isinstance(resource.get("values"), dict):
            yield resource["values"], (*place, "resources", index, "values")
    for index, child in enumerate(_list(module, "child_modules")):
        yield from _in_module(child, kind, (*place, "child_modules", index))


def _list(holder: dict[str, Any], key: str) -> list[Any]:
    value = holder.get(key)
    return value if isinstance(value, list) else []
