"""A subscription for tests to change."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def subscription(**changes: Any) -> Row:
    """A subscription with a trigger that nobody misreads."""
    return {
        "name": "Track",
        "subscribe": 'type = "track"',
        "partnerAction": "logEventV2",
        "mapping": {"event_type": {"@path": "$.event"}},
        **changes,
    }
