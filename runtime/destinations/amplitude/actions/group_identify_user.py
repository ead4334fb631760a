"""Group Identify User: properties of a group, and the association of a user with it."""

from __future__ import annotations

from typing import Any

from ....action import Action, Binding, Build
from ....fields.declaration import Payload, Time, described, fields_of
from ....outcome import Refused, Request
from ....semantics.description import shown
from ....semantics.event import JsonObject
from .. import limits
from ..event_requests import set_time
from ..large_bodies import properties_within
from ..objects import MIN_ID_LENGTH, SOURCE
from ..operation_names import is_operation
from ..request_builder import RequestBuilder

_ASSOCIATES = "If there is a user ID or a device ID, the user is associated with the group."


class GroupIdentifyUser(Payload):
    """The payload."""

    user_id: str | None = described("User ID", f"Your own ID of the user. {_ASSOCIATES}", nullable=True, visible=True)
    device_id: str | None = described("Device ID", f"The ID of the device. {_ASSOCIATES}", visible=True)
    insert_id: str | None = described(
        "Insert ID",
        "Amplitude drops a request with an ID that the same device has sent within 7 days. The "
        "default is the message ID; Segment has no default.",
        visible=True,
    )
    time: Time | None = described(
        "Timestamp", "The time of the event. Without it, Amplitude uses the time of the upload.", role="control"
    )
    group_properties: dict[str, Any] | None = described(
        "Group Properties",
        "The properties of the group. They apply to later events; what was sent before does not change.",
    )
    group_type: str = described(
        "Group Type", 'The type of the group, for example "company".', required=True, visible=True
    )
    group_value: str = described("Group Value", 'The group, for example "Acme".', required=True, visible=True)
    min_id_length: int | None = described("Minimum ID Length", MIN_ID_LENGTH, nullable=True, role="control")


def bind(binding: Binding) -> Build:
    """The `build` of a mapping: it makes a request that associates the user, if there is one, and one for the group.

    The association also sets a user property named like the group's type, for accounts without groups. With `on
    conflict split`, plain group properties are sent in a request before the operations. With checks on, `build` raises
    Refused for values that Amplitude does not accept.
    """
    builder = RequestBuilder(binding, "groupIdentifyUser")
    identify, group_identify = builder.url("identify"), builder.url("groupidentify")
    checks, conflict, large_bodies = builder.checks, builder.conflict, builder.settings.largeBodies

    def build(payload: JsonObject, time: Any = None, min_id_length: int | None = None) -> list[Request]:
        get = payload.get
        requests = []
        if get("user_id") or get("device_id"):
            association = {payload["group_type"]: payload["group_value"]}
            if checks and is_operation(payload["group_type"]):
                message = f"{shown(payload['group_type'])} begins with `$`, as operations on user properties do"
                raise Refused("bad_operation", message, "group_type")
            person: JsonObject = {
                name: payload[name] for name in ("user_id", "device_id", "insert_id") if name in payload
            }
            person |= {"groups": association, "user_properties": association, "library": "segment"}
            if time is not None:
                set_time(person, time, checks)
            if checks:
                limits.check_ids(person.get("user_id"), person.get("device_id"), min_id_length)
            requests.append(builder.form(identify, "identification", [person], min_id_length))
        group = {"group_type": payload["group_type"], "group_value": payload["group_value"], "library": "segment"}
        groups = [group]
        if (given := get("group_properties")) is not None:
            kept, plain = conflict.within(given, "group_properties")
            groups = [
                {**group, "group_properties": part}
                for properties in (plain, kept)
                if properties is not None
                for part in (properties_within(properties, large_bodies) if checks else [properties])
            ]
        requests += [builder.form(group_identify, "identification", [group], min_id_length) for group in groups]
        return requests

    return build


ACTION = Action(
    name="groupIdentifyUser",
    title="Group Identify User",
    description="Set properties of a group, and associate a user with it. Only later events are affected.",
    trigger='type = "group"',
    fields=fields_of(GroupIdentifyUser),
    bind=bind,
    source=SOURCE,
    plain=("group_properties",),
    sources={"groups": "group_value", "user_properties": "group_value"},
)
