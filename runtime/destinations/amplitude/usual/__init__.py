"""Makes the requests of usual events, orders and users in C if it was built; Python makes all others."""

from __future__ import annotations

from ....action import Build
from ....encoding import usual_json
from ....native import native
from ....outcome import Request
from ....semantics.dates import FIRST_NUMBER, LAST_NUMBER
from .. import limits
from ..event_requests import IDS, PLATFORMS, device_of
from ..request_builder import MOST_LEVELS, RequestBuilder
from ..user_agent import AGENTS
from ..user_properties import FIRST_TOUCH, LAST_TOUCH

_EVENT, _ORDER, _USER = range(3)
"""The numbers of request_type.c."""


def usual_event(build: Build, builder: RequestBuilder) -> Build:
    """A `build` of log_event_v2.py that makes usual events in C, and calls the given one for every other."""
    return _usual(build, builder, "httpapi", _EVENT)


def usual_order(build: Build, builder: RequestBuilder) -> Build:
    """A `build` of log_purchase.py that makes usual orders in C, and calls the given one for every other."""
    return _usual(build, builder, "httpapi", _ORDER)


def usual_user(build: Build, builder: RequestBuilder) -> Build:
    """A `build` of identify_user.py that makes usual users in C, and calls the given one for every other."""
    return _usual(build, builder, "identify", _USER)


def _usual(build: Build, builder: RequestBuilder, url: str, number: int) -> Build:
    if native is None:
        return build
    constants = (
        number,
        Request,
        builder.mapping,
        builder.action,
        builder.url(url),
        builder.url("batch"),
        builder.key,
        PLATFORMS,
        AGENTS,
        device_of,
        usual_json,
        limits.RESERVED_EVENTS,
        IDS,
        FIRST_TOUCH,
        LAST_TOUCH,
        builder.checks,
        builder.conflict.folds,
        builder.room,
        limits.LONGEST_STRING,
        MOST_LEVELS,
        limits.SURELY_LONG_ID,
        FIRST_NUMBER,
        LAST_NUMBER,
    )
    return native.UsualRequest(build, constants)
