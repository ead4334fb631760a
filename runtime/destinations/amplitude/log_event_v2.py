"""Log Event V2: an event, with user properties set once, always, or added to."""

from __future__ import annotations

from typing import Any

from ...action import Action, Binding, Build
from ...payload import described, fields_of
from .event_fields import ProductsPayload
from .events import event_builder
from .objects import IDENTITY, SOURCE, SetAlways, SetOnce
from .requests import Lookup, Payload
from .user_properties import is_filled


class LogEventV2(ProductsPayload):
    """The payload."""

    setOnce: SetOnce | None = described(
        "Set Once", "User properties that are set only where they have no value yet.", steers=True
    )
    setAlways: SetAlways | None = described("Set Always", "User properties that every event sets.", steers=True)
    add: dict[str, Any] | None = described(
        "Add", "Numbers that user properties grow by; one without a value starts from 0.", steers=True
    )


def add_operations(properties: Payload | None, get: Lookup) -> Payload | None:
    """User properties with the operations of the three fields, each in place of one that is there already."""
    for operation, field in (("$setOnce", "setOnce"), ("$set", "setAlways"), ("$add", "add")):
        if is_filled(values := get(field)):
            properties = {**properties, operation: values} if properties else {operation: values}
    return properties


def bind(binding: Binding) -> Build:
    """The requests of one mapping: one event."""
    return event_builder(binding, "logEventV2", add_operations)


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
    operations=("setOnce", "setAlways", "add"),
)
