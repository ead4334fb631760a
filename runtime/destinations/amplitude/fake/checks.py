"""What Amplitude's documentation says of a request, checked as strictly as it is written there.

Source: Amplitude, "HTTP V2 API", "Batch Event Upload API", "Identify API", "Group Identify API", "User Mapping API".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NEVER_IDS = frozenset(
    ("", "anonymous", "nil", "none", "null", "n/a", "na", "undefined", "unknown", "{}", "lmy47d", "0", "-1")
) | {"00000000-0000-0000-0000-000000000000"}
MIN_ID_LENGTH = 5
MAX_EVENTS = 2_000
MAX_BYTES = {
    "events": 1_000_000,
    "batch": 20_000_000,
    "identify": 1_000_000,
    "groupidentify": 1_000_000,
    "usermap": 1_000_000,
    "deletions": 1_000_000,
}
MAX_CALLS = {"identify": 2_000, "groupidentify": 1_024, "usermap": 2_000}
MAX_DEPTH = 40
MAX_GROUP_TYPES = 5
MAX_GROUP_VALUES = 10

Problems = dict[str, dict[str, list[int]]]


def event_problems(events: list[Any], min_id_length: int) -> Problems:
    """What is wrong with which event, in the shape of a 400 answer; empty when nothing is."""
    problems: Problems = {}
    for index, event in enumerate(events):
        for kind, field in _event_faults(event, min_id_length):
            problems.setdefault(kind, {}).setdefault(field, []).append(index)
    return problems


def call_problem(kind: str, call: Any, min_id_length: int) -> str | None:
    """What is wrong with one identification or mapping, in one sentence."""
    if not isinstance(call, dict):
        return "not an object"
    if kind == "groupidentify":
        if not call.get("group_type") or not call.get("group_value"):
            return "missing group_type or group_value"
        properties = call.get("group_properties")
        if isinstance(properties, dict) and len(properties) > 1_024:
            return "more than 1024 group properties"
    elif kind == "usermap":
        if call.get("user_id") is None:
            return "missing user_id"
        if call.get("global_user_id") is None and not call.get("unmap"):
            return "missing global_user_id"
    elif call.get("user_id") is None and call.get("device_id") is None:
        return "missing user_id and device_id"
    for name in ("user_id", "device_id", "global_user_id"):
        if call.get(name) is not None and not _good_id(call[name], min_id_length):
            return f"invalid {name}"
    return None if _properties_ok(call.get("user_properties")) else "properties nested too deep"


def _event_faults(event: Any, min_id_length: int) -> list[tuple[str, str]]:
    if not isinstance(event, dict):
        return [("events_with_invalid_fields", "event")]
    faults: list[tuple[str, str]] = []
    if not event.get("event_type"):
        faults.append(("events_with_missing_fields", "event_type"))
    elif not isinstance(event["event_type"], str):
        faults.append(("events_with_invalid_fields", "event_type"))
    user, device = event.get("user_id"), event.get("device_id")
    if user is None and device is None:
        faults.append(("events_with_missing_fields", "device_id"))
    for name, value in (("user_id", user), ("device_id", device)):
        if value is not None and not _good_id(value, min_id_length):
            faults.append(("events_with_invalid_id_lengths", name))
    invalid = "events_with_invalid_fields"
    for name in ("time", "session_id"):
        value = event.get(name)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            faults.append((invalid, name))
    for name in ("event_properties", "user_properties", "groups"):
        value = event.get(name)
        if value is not None and (not isinstance(value, dict) or not _properties_ok(value)):
            faults.append((invalid, name))
    user_properties = event.get("user_properties")
    if isinstance(user_properties, dict) and _mixed(user_properties):
        faults.append((invalid, "user_properties"))
    groups = event.get("groups")
    if isinstance(groups, dict) and groups and not _groups_ok(groups):
        faults.append((invalid, "groups"))
    for name in ("price", "revenue", "location_lat", "location_lng", "quantity"):
        value = event.get(name)
        if value is not None and (not isinstance(value, (int, float)) or isinstance(value, bool)):
            faults.append((invalid, name))
    insert_id = event.get("insert_id")
    if insert_id is not None and not isinstance(insert_id, str):
        faults.append((invalid, "insert_id"))
    return faults


def _good_id(value: Any, min_id_length: int) -> bool:
    return isinstance(value, str) and len(value) >= min_id_length and value.lower() not in NEVER_IDS


def _mixed(properties: Mapping[str, Any]) -> bool:
    operations = sum(1 for name in properties if name.startswith("$"))
    return 0 < operations < len(properties)


def _groups_ok(groups: Mapping[str, Any]) -> bool:
    if len(groups) > MAX_GROUP_TYPES:
        return False
    return all(not isinstance(value, list) or len(value) <= MAX_GROUP_VALUES for value in groups.values())


def _properties_ok(properties: Any) -> bool:
    """Whether properties are nested within the limit, from each operation on where there are any."""
    if isinstance(properties, dict) and any(name.startswith("$") for name in properties):
        return all(_depth_ok(value) for value in properties.values())
    return _depth_ok(properties)


def _depth_ok(value: Any, depth: int = 1) -> bool:
    if isinstance(value, dict):
        return depth <= MAX_DEPTH and all(
            _depth_ok(inner, depth + 1) for inner in value.values() if isinstance(inner, (dict, list))
        )
    if isinstance(value, list):
        return not any(isinstance(inner, list) for inner in value) and all(
            _depth_ok(inner, depth) for inner in value if isinstance(inner, dict)
        )
    return True
