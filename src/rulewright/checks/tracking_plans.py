"""Tracking plans as schemas of events, in the forms that Segment, RudderStack, Avo and Snowplow export."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from ..compiler.analysis.event_schema import EventSchema

Schema: TypeAlias = dict[str, Any]

_OF_SCHEMA = frozenset(
    (
        "properties",
        "type",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "$defs",
        "definitions",
        "additionalProperties",
        "required",
    )
)
"""Keywords: a JSON Schema of events has at least one of them."""
_OF_OBJECTS = frozenset(("properties", "$ref", "allOf", "anyOf", "oneOf"))
"""Keywords of a schema that is of an object, or may be by another schema."""
_PARTS = ("properties", "traits", "context")
_NAMES = ("name", "key", "event", "eventName")
_RULES = ("rules", "jsonSchema", "schema")
_KINDS = ("identify", "group")


def read_plan(content: Any, title: str) -> EventSchema | None:
    """The schema of events that a tracking plan is; None for JSON of another form.

    Sources: Segment, Public API, "Tracking Plans" (`rules.events`, and rules with `type`, `key` and `jsonSchema`);
    Avo, "Export Tracking Plan"; Snowplow, "Self-describing JSON schemas" (`self`).
    """
    events = dict(_events(_inside(content)))
    if events:
        return EventSchema(_whole(events, _traits(_inside(content))), title, events)
    if isinstance(content, dict) and content.keys() & _OF_SCHEMA:
        return EventSchema(content, title)
    return None


def _inside(content: Any) -> Any:
    """What an answer of an API is about."""
    while isinstance(content, dict):
        inner = next((content[key] for key in ("data", "tracking_plan", "trackingPlan") if key in content), None)
        if not isinstance(inner, dict | list):
            break
        content = inner
    return content


def _events(content: Any) -> Iterator[tuple[str, Schema]]:
    """The events of a plan by name, each with a schema of the whole event."""
    for entry in _entries(content):
        if not isinstance(entry, dict):
            continue
        if isinstance(own := entry.get("self"), dict) and isinstance(own.get("name"), str):
            yield own["name"], _of_event(own["name"], entry)
            continue
        if str(entry.get("type", "TRACK")).upper() not in ("TRACK", "EVENT", "OBJECT"):
            continue
        name = next((entry[key] for key in _NAMES if isinstance(entry.get(key), str) and entry[key]), None)
        rules = next((entry[key] for key in _RULES if isinstance(entry.get(key), dict)), None)
        if rules is None and name is not None and "properties" in entry:
            rules = _of_list(entry["properties"])
        if name is not None and rules is not None:
            yield name, _of_event(name, rules)


def _entries(content: Any) -> list[Any]:
    """The list of events, wherever the form keeps it."""
    if isinstance(content, list):
        return content
    if not isinstance(content, dict):
        return []
    if isinstance(content.get("self"), dict):
        return [content]
    rules = content.get("rules")
    for place in (rules, rules.get("events") if isinstance(rules, dict) else None, content.get("events")):
        if isinstance(place, list):
            return place
    return []


def _of_event(name: str, rules: Schema) -> Schema:
    """A schema of the whole event: rules are of one, or of its properties alone."""
    inner = rules.get("properties")
    of_parts = inner if isinstance(inner, dict) else {}
    parts: Schema = {part: of_parts[part] for part in _PARTS if _is_object(of_parts.get(part))}
    definitions: Schema = {word: rules[word] for word in ("$defs", "definitions") if word in rules}
    properties = {"event": {"const": name}, **(parts or {"properties": rules})}
    return {"type": "object", "properties": properties, **definitions}


def _is_object(schema: Any) -> bool:
    """Whether a schema is of an object, by itself or by the schemas that it is put together from."""
    return isinstance(schema, dict) and (schema.get("type") == "object" or not _OF_OBJECTS.isdisjoint(schema))


def _of_list(properties: Any) -> Schema:
    """A schema of properties that are listed with their names and types."""
    if isinstance(properties, dict):
        return {"type": "object", "properties": properties}
    listed = (
        [property_ for property_ in properties if isinstance(property_, dict)] if isinstance(properties, list) else []
    )
    named = {
        entry["name"]: {"type": _type(entry.get("type"))} for entry in listed if isinstance(entry.get("name"), str)
    }
    return {"type": "object", "properties": named}


def _type(name: Any) -> Any:
    return {"int": "integer", "float": "number", "long": "number", "bool": "boolean", "list": "array"}.get(name, name)


def _traits(content: Any) -> Schema:
    """What the plan says of the traits of identify and group calls."""
    rules = content.get("rules") if isinstance(content, dict) else None
    listed = rules if isinstance(rules, list) else []
    schemas = [rules[kind] for kind in _KINDS if isinstance(rules, dict) and isinstance(rules.get(kind), dict)]
    schemas += [
        entry["jsonSchema"]
        for entry in listed
        if isinstance(entry, dict)
        and str(entry.get("type")).lower() in _KINDS
        and isinstance(entry.get("jsonSchema"), dict)
    ]
    traits = [
        schema["properties"]["traits"] for schema in schemas if _is_object(schema.get("properties", {}).get("traits"))
    ]
    return {"anyOf": traits} if traits else {}


def _whole(events: Mapping[str, Schema], traits: Schema) -> Schema:
    """One schema for all events; the properties are closed where those of each event are."""
    parts: dict[str, list[Schema]] = {"traits": [traits]} if traits else {}
    for event in events.values():
        for part in _PARTS:
            if part in event["properties"]:
                parts.setdefault(part, []).append(event["properties"][part])
    merged = {part: {"anyOf": [_opened(schema, schemas) for schema in schemas]} for part, schemas in parts.items()}
    return {"type": "object", "properties": {"event": {"enum": list(events)}, **merged}}


def _opened(schema: Schema, beside: list[Schema]) -> Schema:
    """The schema, not closed where one beside it is open."""
    if all(neighbor.get("additionalProperties") is False for neighbor in beside):
        return schema
    return {key: value for key, value in schema.items() if key != "additionalProperties"}
