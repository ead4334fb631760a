"""The IDs of an event or a form call, which order, throttles and deduplication depend on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec


class Identity(msgspec.Struct):
    """The ids of one event or identification, read from its bytes; whatever else is in there is skipped."""

    user_id: Any = None
    device_id: Any = None
    insert_id: Any = None


INSERT_ID_MEMORY = 7 * 24 * 3600.0
"""Seconds for which an insert id is known. Source: Amplitude, "HTTP V2 API", event deduplication."""

_decoder = msgspec.json.Decoder(Identity)


def identity(body: bytes) -> Identity:
    """The IDs in the body of a part, as `AmplitudeDelivery.parts` encodes it."""
    return _decoder.decode(body)


def order_of(body: Mapping[str, Any]) -> str:
    """The ordering key of an event or a form call: its user ID, else its device ID, else its group; else empty.

    After a device signs in, its events have another key: those from before may arrive later.
    """
    user = body.get("user_id")
    if user is not None:
        return "u" + str(user)
    device = body.get("device_id")
    if device is not None:
        return "d" + str(device)
    group = body.get("group_type")
    if group is not None:
        return f"g{group}\0{body.get('group_value')}"
    return ""
