"""The HTTP V2 API and the Batch Event Upload API: events, and the request that carries them."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from .values import ApiKey, Changes, Filled, Groups, Id, Milliseconds, Model, Number, Options, Properties, SessionStart

NO_ID = "missing_id"
"""The type of the error for an event that belongs to nobody."""


class Device(Model):
    """What events and identifications say of a device, its place and its software."""

    app_version: str | None = None
    platform: str | None = None
    os_name: str | None = None
    os_version: str | None = None
    device_brand: str | None = None
    device_manufacturer: str | None = None
    device_model: str | None = None
    carrier: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    dma: str | None = None
    language: str | None = None
    library: str | None = None


class Event(Device):
    """One event."""

    event_type: Filled
    user_id: Id | None = None
    device_id: Id | None = None
    time: Milliseconds | None = None
    event_properties: Properties | None = None
    user_properties: Changes | None = None
    groups: Groups | None = None
    group_properties: dict[str, Any] | None = None
    price: Number | None = None
    quantity: int | None = None
    revenue: Number | None = None
    productId: str | None = None
    revenueType: str | None = None
    location_lat: Number | None = None
    location_lng: Number | None = None
    ip: str | None = None
    idfa: str | None = None
    idfv: str | None = None
    adid: str | None = None
    android_id: str | None = None
    event_id: int | None = None
    session_id: SessionStart | None = None
    insert_id: str | None = None

    @model_validator(mode="after")
    def _belongs_to_somebody(self) -> Self:
        if self.user_id is None and self.device_id is None:
            raise PydanticCustomError(NO_ID, "has neither `user_id` nor `device_id`")
        return self


class EventsRequest(Model):
    """The body of a request to `/2/httpapi` or `/batch`."""

    api_key: ApiKey
    events: Annotated[list[Event], Field(min_length=1)]
    options: Options | None = None
