"""Log Event: an event, with the last and the first touch of a campaign among the user properties."""

from __future__ import annotations

from typing import Any

from ....action import Action, Binding, Build
from ....fields.declaration import described, fields_of
from ....outcome import Request
from ....semantics.event import JsonObject
from ..event_fields import ProductsPayload
from ..event_requests import REVENUE, EventRequestBuilder, device_of
from ..objects import IDENTITY, REFERRER, SOURCE, TOUCHES, UTM, UtmProperties
from ..user_properties import touches, without_touches


class LogEvent(ProductsPayload):
    """The payload."""

    utm_properties: UtmProperties | None = described("UTM Properties", UTM, role="control")
    referrer: str | None = described("Referrer", REFERRER, role="control", visible=True)


def bind(binding: Binding) -> Build:
    """The `build` of a mapping: it makes one request with one event.

    With `on conflict split`, it makes a request with the plain user properties before it.
    """
    builder = EventRequestBuilder(binding, "logEvent", own_win=True)

    def build(
        payload: JsonObject,
        session_id: Any = None,
        time: Any = None,
        library: str | None = None,
        library2: JsonObject | None = None,
        use_batch_endpoint: bool | None = None,
        userAgent: str | None = None,
        userAgentParsing: bool | None = None,
        includeRawUserAgent: bool | None = None,
        userAgentData: JsonObject | None = None,
        min_id_length: int | None = None,
        utm_properties: JsonObject | None = None,
        referrer: str | None = None,
    ) -> list[Request]:
        properties, touched = payload.get("user_properties"), touches(utm_properties, referrer)
        if touched:
            properties = without_touches(properties, touched)
        return builder.build(
            payload,
            properties,
            touched,
            session_id,
            time,
            library,
            library2,
            device_of(userAgent, userAgentParsing, includeRawUserAgent, userAgentData) if userAgent else None,
            use_batch_endpoint,
            min_id_length,
        )

    return build


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
    sources={"user_agent": "userAgent"},
    unused=REVENUE,
    operations=TOUCHES,
)
