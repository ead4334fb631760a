"""The event, as the rules read it."""

from __future__ import annotations

from typing import Any, Final, TypeAlias

JsonObject: TypeAlias = dict[str, Any]
"""A JSON object, decoded: keys are text, values are JSON values."""
Event: TypeAlias = JsonObject
"""An event as it came: nobody has checked which keys it has, or what they hold."""

EVENT_TYPES: Final = ("track", "identify", "page", "screen", "group", "alias")
"""The types of Segment's events."""
_TYPES = frozenset(EVENT_TYPES)


def is_event_type(value: object) -> bool:
    """Whether a value is the type of one of Segment's events; a value of another class is not asked anything."""
    return type(value) is str and value in _TYPES
