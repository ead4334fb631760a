"""Log Event V2: an event, with user properties set once, always, or added to."""

from __future__ import annotations

from typing import Any

from ....action import Action, Binding, Build
from ....fields.declaration import described, fields_of
from ....outcome import Request
from ..event_fields import ProductsPayload
from ..events import REVENUE, EventSender, device_of
from ..objects import IDENTITY, SOURCE, SetAlways, SetOnce
from ..requests import Payload
from ..user_properties import is_filled


class LogEventV2(ProductsPayload):
    """The payload."""

    setOnce: SetOnce | None = described(
        "Set Once", "User properties that are set only where they have no value yet.", steers=True
    )
    setAlways: SetAlways | None = described("Set Always", "User properties that every event sets.", steers=True)
    add: dict[str, Any] | None = described(
        "Add", "Numbers that user properties grow by; one without a value starts from 0.", steers=True
    )


def replaced(properties: Payload, operations: Payload) -> Payload:
    """User properties with the operations, each in place of one that is there already."""
    return {**properties, **operations}


def bind(binding: Binding) -> Build:
    """The requests of one mapping: one event."""
    sender = EventSender(binding, "logEventV2", replaced)

    def build(
        payload: Payload,
        session_id: Any = None,
        time: Any = None,
        library: str | None = None,
        library2: Payload | None = None,
        use_batch_endpoint: bool | None = None,
        userAgent: str | None = None,
        userAgentParsing: bool | None = None,
        includeRawUserAgent: bool | None = None,
        userAgentData: Payload | None = None,
        min_id_length: int | None = None,
        setOnce: Payload | None = None,
        setAlways: Payload | None = None,
        add: Payload | None = None,
    ) -> list[Request]:
        # Nearly always there is a referrer, or something else that is true, which are the shorter questions.
        operations: Payload = {}
        if setOnce and (setOnce.get("initial_referrer") or any(setOnce.values()) or is_filled(setOnce)):
            operations["$setOnce"] = setOnce
        if setAlways and (setAlways.get("referrer") or any(setAlways.values()) or is_filled(setAlways)):
            operations["$set"] = setAlways
        if add and is_filled(add):
            operations["$add"] = add
        return sender.send(
            payload,
            payload.get("user_properties"),
            operations,
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
    unused=REVENUE,
    operations=("setOnce", "setAlways", "add"),
)
