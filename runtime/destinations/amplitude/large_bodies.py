"""Divides bodies that are larger than an endpoint takes, and refuses those that cannot be divided."""

from __future__ import annotations

from typing import Any

from ...encoding import json_bytes
from ...outcome import Refused
from ...repairs import note_repair
from ...semantics.description import shown
from ...semantics.event import JsonObject
from .limits import MOST_EVENTS, MOST_GROUP_PROPERTIES, inside
from .operation_names import is_operation
from .settings import BeyondLimit


def bodies_within(body: JsonObject, largest: int) -> list[JsonObject]:
    """The body divided into bodies of at most `largest` bytes and MOST_EVENTS events, in order.

    A body with a single event may be larger.
    """
    envelope = len(json_bytes({**body, "events": []}))
    bodies: list[JsonObject] = []
    size = 0
    for event in body["events"]:
        added = len(json_bytes(event)) + len(",")
        if not bodies or size + added > largest or len(bodies[-1]["events"]) == MOST_EVENTS:
            bodies.append({**body, "events": []})
            size = envelope
        bodies[-1]["events"].append(event)
        size += added
    return bodies


def count_of_properties(properties: JsonObject) -> int:
    """The number of properties that are set, each in an operation included."""
    return sum(len(value) if _is_divided(name, value) else 1 for name, value in properties.items())


def properties_within(properties: JsonObject, beyond: BeyondLimit) -> list[JsonObject]:
    """The properties of a group, in order, in one part for each request: at most 1,024 each.

    With `beyond` as `refuse`, more than that raise Refused.
    """
    count = count_of_properties(properties)
    if count <= MOST_GROUP_PROPERTIES:
        return [properties]
    if beyond == "refuse":
        message = f"has {count:,} properties and may have {MOST_GROUP_PROPERTIES:,}"
        raise Refused("too_many_properties", message, "group_properties")
    parts: list[JsonObject] = [{}]
    room = MOST_GROUP_PROPERTIES
    for name, value in properties.items():
        members = list(value.items()) if _is_divided(name, value) else [(name, value)]
        while members:
            if not room:
                parts.append({})
                room = MOST_GROUP_PROPERTIES
            some, members = members[:room], members[room:]
            room -= len(some)
            parts[-1].update({name: dict(some)} if _is_divided(name, value) else some)
    note_repair(
        "too_many_properties", f"the {count:,} properties are sent in {len(parts)} requests", "group_properties"
    )
    return parts


def _is_divided(name: str, value: Any) -> bool:
    return is_operation(name) and value.__class__ is dict


def too_large(items: list[JsonObject], size: int, largest: int) -> Refused:
    """The refusal of a body of `size` bytes, of `largest` allowed; of a single item, it names the largest value."""
    if len(items) > MOST_EVENTS:
        message = f"the body has {len(items):,} events and may have {MOST_EVENTS:,}"
        return Refused("body_too_large", message)
    message = f"the body has {size:,} bytes and may have {largest:,}"
    if len(items) > 1:
        return Refused("body_too_large", f"{message}; they are of {len(items):,} events")
    path, value = _largest(items[0])
    while value.__class__ is dict and value:
        key, member = _largest(value)
        if _size(member) <= _size(value) / 2:
            break
        path, value = inside(path, key), member
    return Refused("body_too_large", f"{message}; {_size(value):,} of them are {shown(value)}", path)


def _largest(members: JsonObject) -> tuple[str, Any]:
    return max(members.items(), key=lambda member: _size(member[1]))


def _size(value: Any) -> int:
    return len(json_bytes(value))
