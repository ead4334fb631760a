"""Log Event: an event, with the last and the first touch of a campaign among the user properties."""

from __future__ import annotations

from ...action import Action, Binding, Build
from ...payload import described, fields_of
from .event_fields import ProductsPayload
from .events import event_builder
from .objects import IDENTITY, REFERRER, SOURCE, UTM, UtmProperties
from .user_properties import add_touches


class LogEvent(ProductsPayload):
    """The payload."""

    utm_properties: UtmProperties | None = described("UTM Properties", UTM, steers=True)
    referrer: str | None = described("Referrer", REFERRER, steers=True)


def bind(binding: Binding) -> Build:
    """The requests of one mapping: one event."""
    return event_builder(binding, "logEvent", add_touches)


ACTION = Action(
    name="logEvent",
    title="Log Event",
    description="Send an event to Amplitude. Log Event V2 is its successor.",
    trigger='type = "track"',
    fields=fields_of(LogEvent),
    bind=bind,
    source=SOURCE,
    sends="events",
    identity=IDENTITY,
    plain=("user_properties",),
    operations=("utm_properties", "referrer"),
)
