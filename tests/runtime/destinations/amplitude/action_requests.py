"""A way for tests to run one action of the destination on values, as generated code would."""

from __future__ import annotations

import json
from typing import Any

from rulewright.runtime.action import Binding, ConflictPolicy
from rulewright.runtime.destinations import DESTINATIONS
from rulewright.runtime.outcome import Refused, Request
from rulewright.runtime.repairs import take_repairs
from tests.reference.mapping_kit import coerced

Values = dict[str, Any]

EVENT: Values = {"event_type": "Test", "user_id": "user-1"}
PERSON: Values = {"user_id": "user-1", "device_id": "device-1"}
"""The fields that an event needs, and those that identify a person."""


def repaired(
    action: str,
    values: Values,
    *,
    conflict: ConflictPolicy = "reject",
    checks: bool = True,
    settings: Values | None = None,
) -> tuple[list[Request], list[tuple[str | None, str, str]]]:
    """The requests that an action makes of values for its fields, and its repairs as (field, code, message).

    Raises Refused.
    """
    declared = DESTINATIONS["amplitude"].actions[action]
    binding = Binding("mapping", DESTINATIONS["amplitude"].settings(settings or {}), conflict, checks)
    payload = coerced(declared.fields, values)
    control = {field.name for field in declared.fields if field.role == "control"}
    try:
        requests = declared.bind(binding)(
            {name: value for name, value in payload.items() if name not in control},
            **{name: value for name, value in payload.items() if name in control - declared.unused},
        )
    finally:
        repairs = take_repairs("mapping")
    return requests, [(repair.field, repair.code, repair.message) for repair in repairs]


def send(action: str, values: Values, **options: Any) -> list[Request]:
    """The requests that an action makes of values for its fields. Raises Refused."""
    requests, _ = repaired(action, values, **options)
    return requests


def refusal(action: str, values: Values, **options: Any) -> Refused:
    """Why an action refuses values."""
    try:
        send(action, values, **options)
    except Refused as refused:
        return refused
    raise AssertionError(f"{action} took {values}")


def event(values: Values, **options: Any) -> Values:
    """The one event that logEventV2 sends."""
    (request,) = send("logEventV2", {**EVENT, **values}, **options)
    assert request.json is not None
    (sent,) = request.json["events"]
    assert isinstance(sent, dict)
    return sent


def people(request: Request) -> Any:
    """What the form of an identify request holds."""
    assert request.form is not None
    return json.loads(request.form.get("identification") or request.form["mapping"])


def properties_of(requests: list[Request]) -> list[Values]:
    """All user and group properties that requests hold."""
    sent = []
    for request in requests:
        items = request.json["events"] if request.json else people(request)
        for item in items if isinstance(items, list) else [items]:
            sent += [item[name] for name in ("user_properties", "group_properties") if name in item]
    return sent


def nested(depth: int) -> dict[str, Any]:
    """Objects, so many deep."""
    value: dict[str, Any] = {"leaf": 1}
    for _ in range(depth - 1):
        value = {"in": value}
    return value


def properties(value: Any) -> dict[str, Any]:
    """The field that holds the properties of an event."""
    return {"event_properties": value}
