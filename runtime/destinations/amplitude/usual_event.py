"""Makes the request of a usual event in C if it was built; `EventSender.send` makes all others."""

from __future__ import annotations

from ...action import Build
from ...native import native
from ...outcome import Request
from ...semantics.dates import FIRST_NUMBER, LAST_NUMBER
from . import limits
from .events import IDS, PLATFORMS, EventSender, device_of
from .requests import MOST_LEVELS
from .user_agent import AGENTS
from .user_properties import FIRST_TOUCH, LAST_TOUCH


def usual_event(build: Build, sender: EventSender) -> Build:
    """A `build` of log_event_v2.py that answers to usual events in C, and calls the given one for every other."""
    if native is None:
        return build
    constants = (
        Request,
        sender.mapping,
        sender.action,
        sender.url("httpapi"),
        sender.url("batch"),
        sender.key,
        PLATFORMS,
        AGENTS,
        device_of,
        limits.RESERVED_EVENTS,
        IDS,
        FIRST_TOUCH,
        LAST_TOUCH,
        sender.checks,
        sender.room,
        limits.LONGEST_STRING,
        MOST_LEVELS,
        limits.SURELY_LONG_ID,
        FIRST_NUMBER,
        LAST_NUMBER,
    )
    return native.UsualEvent(build, constants)
