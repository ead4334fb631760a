"""Amplitude's answers, in the shapes that its documentation shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, and how its connection breaks."""

    status: int
    body: bytes
    headers: Mapping[str, str] | None = None
    broken: str = ""
    """`reset`: closed without an answer; `cut`: after half of it; `slow`, `stall`: byte by byte, or never."""


TOO_LARGE = Reply(413, b'{"code":413,"error":"Payload too large"}', {"content-type": "application/json"})
UNAUTHORIZED = Reply(401, b"Unauthorized")


def json_reply(status: int, body: Any) -> Reply:
    """An answer whose body is JSON."""
    return Reply(status, msgspec.json.encode(body), {"content-type": "application/json"})


def bad_request(error: str, **more: Any) -> Reply:
    """A 400 with all keys of Amplitude's documentation."""
    body = {
        "code": 400,
        "error": error,
        "missing_field": None,
        "events_with_invalid_fields": {},
        "events_with_missing_fields": {},
    }
    return json_reply(400, {**body, **more})


def not_allowed(method: str) -> Reply:
    """A 405 that names the method of the address."""
    return Reply(405, b"Method Not Allowed", {"allow": method})


def first_throttled(events: Sequence[Mapping[str, Any]], *, quota: bool) -> Reply:
    """A 429 because of the user, or the device, of the first event."""
    name = "user_id" if events[0].get("user_id") is not None else "device_id"
    above = {name: {events[0][name]: 31}}
    return throttled(events, above, {name: {events[0][name]: 500_001}} if quota else None)


def throttled(
    events: Sequence[Mapping[str, Any]],
    above: Mapping[str, Mapping[str, int]],
    quota: Mapping[str, Mapping[str, int]] | None = None,
) -> Reply:
    """A 429 because of those `above` the rate, by `user_id` and `device_id`, and of those whose quota is spent."""
    users, devices = above.get("user_id", {}), above.get("device_id", {})
    body: dict[str, Any] = {
        "code": 429,
        "error": f"Too many requests for some devices and users: {', '.join([*users, *devices])}",
        "eps_threshold": 30,
        "throttled_users": users,
        "throttled_devices": devices,
        "throttled_events": [
            index
            for index, event in enumerate(events)
            if event.get("user_id") in users or event.get("device_id") in devices
        ],
    }
    for name, spent in (quota or {}).items():
        body[f"exceeded_daily_quota_{name.removesuffix('_id')}s"] = spent
    return json_reply(429, body)
