"""Log Event V2: an event, with user properties set once, always, or added to."""

from __future__ import annotations

from typing import Any

from ....action import Action, Binding, Build
from ....fields.declaration import described, fields_of
from ....outcome import Request
from ....semantics.event import JsonObject
from ..event_fields import ProductsPayload
from ..event_requests import REVENUE, EventRequestBuilder, device_of
from ..objects import ADD, IDENTITY, PROPERTY_OPERATIONS, SET_ALWAYS, SET_ONCE, SOURCE, SetAlways, SetOnce
from ..user_properties import operations_of
from ..usual import usual_event


class LogEventV2(ProductsPayload):
    """The payload."""

    setOnce: SetOnce | None = described("Set Once", SET_ONCE, role="control")
    setAlways: SetAlways | None = described("Set Always", SET_ALWAYS, role="control")
    add: dict[str, Any] | None = described("Add", ADD, role="control")


def bind(binding: Binding) -> Build:
    """The `build` of a mapping: it makes one request with one event.

    With `on conflict split`, it makes a request with the plain user properties before it.
    """
    builder = EventRequestBuilder(binding, "logEventV2")

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
        setOnce: JsonObject | None = None,
        setAlways: JsonObject | None = None,
        add: JsonObject | None = None,
    ) -> list[Request]:
        return builder.build(
            payload,
            payload.get("user_properties"),
            operations_of(setOnce, setAlways, add),
            session_id,
            time,
            library,
            library2,
            device_of(userAgent, userAgentParsing, includeRawUserAgent, userAgentData) if userAgent else None,
            use_batch_endpoint,
            min_id_length,
        )

    return usual_event(build, builder)


ACTION = Action(
    name="logEventV2",
    title="Log Event V2",
    description="Send an event to Amplitude.",
    trigger='type = "track"',
    fields=fields_of(LogEventV2),
    bind=bind,
    source=SOURCE,
    sends="events",
    identity=IDENTITY,
    plain=("user_properties",),
    sources={"user_agent": "userAgent"},
    unused=REVENUE,
    operations=PROPERTY_OPERATIONS,
)
