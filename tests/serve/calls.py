"""Calls of track, each told from others by its number."""

from __future__ import annotations

from typing import Any


def track(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Shown", "userId": f"user-{number}", "messageId": f"m-{number}", **more}
