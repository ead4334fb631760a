"""Identify User: user properties without an event, or a user ID for a device."""

from __future__ import annotations

from typing import Any

from ....action import Action, Binding, Build
from ....fields.declaration import Payload, described, fields_of
from ....outcome import Request
from ....semantics.event import JsonObject
from ....semantics.object_keys import add_missing
from .. import limits
from ..event_requests import PLATFORMS, device_of
from ..objects import (
    ADD,
    IDENTITY,
    MIN_ID_LENGTH,
    PROPERTY_OPERATIONS,
    REFERRER,
    SET_ALWAYS,
    SET_ONCE,
    SOURCE,
    TOUCHES,
    USER_AGENT_SWITCHES,
    UTM,
    SetAlways,
    SetOnce,
    UserAgentData,
    UtmProperties,
)
from ..operation_names import has_operations
from ..request_builder import RequestBuilder
from ..user_properties import merge, operations_of, touches, without_touches
from ..usual import usual_user


class IdentifyUser(Payload):
    """The payload."""

    user_id: str | None = described(
        "User ID",
        "Your own ID of the user. Required unless there is a device ID. A user whom Amplitude does "
        "not know yet counts as new from the first event, not from this request.",
        nullable=True,
        visible=True,
    )
    device_id: str | None = described(
        "Device ID",
        "The ID of the device, such as the Identifier for Vendor on iOS. Required unless there is a user ID.",
        visible=True,
    )
    user_properties: dict[str, Any] | None = described(
        "User Properties",
        "The user's properties. Each value shows up as a segment in Amplitude. It may hold lists; "
        "dates become text; at most 40 objects deep.",
    )
    groups: dict[str, Any] | None = described(
        "Groups", "The groups of the user, by type; at most 5 types. Needs Amplitude's Accounts add-on."
    )
    app_version: str | None = described("App Version", "The version of the application.")
    platform: str | None = described(
        "Platform", 'The platform of the device. Without one, "Web" is sent for events of analytics.js.'
    )
    os_name: str | None = described("OS Name", "The operating system or the browser of the device.")
    os_version: str | None = described("OS Version", "The version of the operating system or the browser.")
    device_brand: str | None = described("Device Brand", "The brand of the device.")
    device_manufacturer: str | None = described("Device Manufacturer", "The manufacturer of the device.")
    device_model: str | None = described("Device Model", "The model of the device.")
    carrier: str | None = described("Carrier", "The mobile carrier.")
    country: str | None = described("Country", "The country that the user is in.")
    region: str | None = described("Region", "The region that the user is in.")
    city: str | None = described("City", "The city that the user is in.")
    dma: str | None = described("Designated Market Area", "The designated market area that the user is in.")
    language: str | None = described("Language", "The language that the user has set.")
    paying: bool | None = described("Is Paying", "Whether the user pays.")
    start_version: str | None = described("Initial Version", "The version of the application that the user began with.")
    insert_id: str | None = described(
        "Insert ID",
        "Amplitude drops a request with an ID that the same device has sent within 7 days. The "
        "default is the message ID; Segment has no default.",
        visible=True,
    )
    userAgent: str | None = described(
        "User Agent", "The user agent of the device that sent the event.", role="control", switches=USER_AGENT_SWITCHES
    )
    userAgentParsing: bool | None = described(
        "User Agent Parsing",
        "Read the operating system, manufacturer, model and type of the device from the user agent,"
        " for fields that have no value.",
        role="control",
    )
    includeRawUserAgent: bool | None = described(
        "Include Raw User Agent", "Send the user agent itself too, as user_agent.", role="control"
    )
    utm_properties: UtmProperties | None = described("UTM Properties", UTM, role="control")
    referrer: str | None = described("Referrer", REFERRER, role="control", visible=True)
    min_id_length: int | None = described("Minimum ID Length", MIN_ID_LENGTH, nullable=True, role="control")
    library: str | None = described(
        "Library", "The library that made the event; it decides whether the platform is the web.", role="control"
    )
    userAgentData: UserAgentData | None = described(
        "User Agent Data",
        "The client hints of the browser, which say more than its user agent.",
        role="control",
        switches=USER_AGENT_SWITCHES,
    )
    setOnce: SetOnce | None = described("Set Once", SET_ONCE, role="control", ours=True)
    setAlways: SetAlways | None = described("Set Always", SET_ALWAYS, role="control", ours=True)
    add: dict[str, Any] | None = described("Add", ADD, role="control", ours=True)


def bind(binding: Binding) -> Build:
    """The `build` of a mapping: it makes one identify request.

    With `on conflict split`, it makes a request with the plain properties before one with the operations.
    """
    builder = RequestBuilder(binding, "identifyUser")
    url, checks, conflict = builder.url("identify"), builder.checks, builder.conflict

    def build(
        payload: JsonObject,
        userAgent: str | None = None,
        userAgentParsing: bool | None = None,
        includeRawUserAgent: bool | None = None,
        utm_properties: JsonObject | None = None,
        referrer: str | None = None,
        min_id_length: int | None = None,
        library: str | None = None,
        userAgentData: JsonObject | None = None,
        setOnce: JsonObject | None = None,
        setAlways: JsonObject | None = None,
        add: JsonObject | None = None,
    ) -> list[Request]:
        if (platform := payload.get("platform")) or library == "analytics.js":
            payload["platform"] = PLATFORMS[platform or "Web"]
        plain = None
        properties = payload.get("user_properties")
        if operations := touches(utm_properties, referrer):
            properties = without_touches(properties, operations)
        if setOnce or setAlways or add:
            operations = merge(operations, operations_of(setOnce, setAlways, add))
        if operations:
            payload["user_properties"], plain = conflict.beside(properties, operations)
        elif properties and has_operations(properties):
            payload["user_properties"], plain = conflict.within(properties)
        if checks and (groups := payload.get("groups")):
            payload["groups"] = limits.tracked_groups(groups, builder.settings.extraGroups)
        payload["library"] = "segment"
        if userAgent and (device := device_of(userAgent, userAgentParsing, includeRawUserAgent, userAgentData)):
            add_missing(payload, device)
        if checks:
            limits.check_ids(payload.get("user_id"), payload.get("device_id"), min_id_length)
        request = builder.form(url, "identification", payload, min_id_length)
        if not plain:
            return [request]
        first = {**payload, "user_properties": plain}
        if "insert_id" in first:
            # with the same ID, Amplitude would take the second request for a copy of the first
            first["insert_id"] += "-plain"
        return [builder.form(url, "identification", first, min_id_length), request]

    return usual_user(build, builder)


ACTION = Action(
    name="identifyUser",
    title="Identify User",
    description="Set the user ID of a device, or user properties, without sending an event to Amplitude.",
    trigger='type = "identify"',
    fields=fields_of(IdentifyUser),
    bind=bind,
    source=SOURCE,
    identity=IDENTITY,
    plain=("user_properties",),
    sources={"user_agent": "userAgent"},
    operations=(*TOUCHES, *PROPERTY_OPERATIONS),
)
