"""Reads the text of one event: whatever it is, there is an event or a ValueError that says why not."""

from __future__ import annotations

from typing import Any

import msgspec

_decode = msgspec.json.Decoder().decode


def read_event(text: bytes | str) -> dict[str, Any]:
    """The event that a JSON text is. Raises ValueError when it is no JSON, no object, or nested too deep."""
    try:
        event = _decode(text)
    except RecursionError:
        raise ValueError("JSON is nested too deep") from None
    if event.__class__ is not dict:
        raise ValueError("the line is JSON, but no object")
    found: dict[str, Any] = event
    return found
