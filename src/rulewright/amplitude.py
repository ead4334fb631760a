"""Amplitude's requests as typed models: `parse(request)` gives the view of one that a mapper made.

    from rulewright.amplitude import EventsRequest, parse

    for request in mapper(event).requests:
        typed = parse(request)
        if isinstance(typed, EventsRequest):
            print(typed.events[0].event_type, typed.events[0].user_id)

`parse` raises ValueError for a request that breaks what Amplitude documents; one made with `checks=False` may. The
models are pydantic's, and take such a body from anywhere: `EventsRequest.model_validate(body)`.
"""

from __future__ import annotations

from .runtime.destinations.amplitude.api.events import Event, EventsRequest
from .runtime.destinations.amplitude.api.forms import (
    GroupIdentification,
    GroupIdentifyRequest,
    Identification,
    IdentifyRequest,
    UserMapping,
    UserMapRequest,
)
from .runtime.destinations.amplitude.api.privacy import DeletionRequest
from .runtime.destinations.amplitude.api.requests import AnyRequest, parse
from .runtime.destinations.amplitude.api.values import Options

__all__ = [
    "AnyRequest",
    "DeletionRequest",
    "Event",
    "EventsRequest",
    "GroupIdentification",
    "GroupIdentifyRequest",
    "Identification",
    "IdentifyRequest",
    "Options",
    "UserMapRequest",
    "UserMapping",
    "parse",
]
