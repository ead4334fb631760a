"""Tracking plans as schemas of events, in the forms that Segment, RudderStack, Avo and Snowplow export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from ..compiler.analysis.event_schema import EventSchema
from ..compiler.analysis.json_schema import JsonSchema
from ..compiler.analysis.schema_node import SchemaNode, both, either
from ..compiler.analysis.schema_references import References

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
        "patternProperties",
        "required",
    )
)
"""Keywords: a JSON Schema of events has at least one of them."""
_PARTS = ("properties", "traits", "context")
_NAMES = ("name", "key", "event", "eventName")
_RULES = ("rules", "jsonSchema", "schema")
_OBJECT = frozenset(("object",))
_COMMON = "common"
_TYPES_OF_EVENTS = ("track", "page", "screen", "identify", "group", "alias")
_CALLS = {
    **{name: name for name in (*_TYPES_OF_EVENTS, _COMMON)},
    "event": "track",
    "object": "track",
    "global": _COMMON,
}
"""The call that an entry of a plan is about, by the type that it states."""
_TYPES = {
    "int": "integer",
    "float": "number",
    "long": "number",
    "double": "number",
    "decimal": "number",
    "bool": "boolean",
    "list": "array",
    **dict.fromkeys(("text", "date", "datetime", "date-time", "timestamp", "time", "uuid", "enum", "url"), "string"),
}


class Plan(NamedTuple):
    """A tracking plan that was read."""

    schema: EventSchema
    problems: list[str]
    """A sentence on each part that could not be read."""


class _Call(NamedTuple):
    """What a plan says of one kind of call."""

    call: str
    name: str
    rules: Any
    """JSON Schema; None where the plan only names the event."""
    place: str


class _Problem(NamedTuple):
    """A part of a plan that cannot be read."""

    sentence: str


def read_plan(content: Any, title: str) -> Plan | None:
    """The tracking plan in decoded JSON; None for JSON of any other form.

    Sources: Segment, Public API, "Tracking Plans" (`rules.events`, and rules with `type`, `key` and `jsonSchema`);
    RudderStack, "Tracking Plans" (`eventType`); Avo, "Export Tracking Plan"; Snowplow, "Self-describing JSON schemas"
    (`self`).
    """
    inside, place = _inside(content)
    parts = list(_calls(inside, place))
    calls = [call for call in parts if isinstance(call, _Call)]
    if any(call.rules is not None for call in calls):
        problems = [problem.sentence for problem in parts if isinstance(problem, _Problem)]
        return Plan(_schema(calls, content, title, problems), problems)
    if isinstance(content, dict) and content.keys() & _OF_SCHEMA:
        schema = JsonSchema(content)
        return Plan(EventSchema(schema.root(), title), list(schema.problems()))
    return None


def _schema(calls: list[_Call], content: Any, title: str, problems: list[str]) -> EventSchema:
    """What the plan says of all events, and of those of each name; what cannot be read is added to the problems."""
    parts: dict[str, list[dict[str, SchemaNode]]] = {type_: [] for type_ in _TYPES_OF_EVENTS}
    common: dict[str, SchemaNode] = {}
    events: dict[str, list[SchemaNode]] = {}
    for call in calls:
        schema = JsonSchema(call.rules, References(call.rules, content))
        if call.rules is not None:
            problems += (sentence.replace("`#", f"`{call.place}", 1) for sentence in schema.problems())
        of_call = {} if call.rules is None else _parts_of(schema.root(), call.call)
        if call.call == _COMMON:
            common = {part: both([common.get(part, SchemaNode()), node]) for part, node in of_call.items()}
            continue
        parts[call.call].append(of_call)
        if call.call == "track":
            node = SchemaNode(_OBJECT, {"event": _text([call.name]), **of_call})
            events.setdefault(call.name, []).append(node)
    shared = SchemaNode(_OBJECT, common)
    names = {"event": _text(list(events))} if events else {}
    whole = both(
        [SchemaNode(_OBJECT, {**names, **_merged([each for of_type in parts.values() for each in of_type])}), shared]
    )
    types = {
        type_: both([SchemaNode(_OBJECT, {**(names if type_ == "track" else {}), **_merged(of_type)}), shared])
        for type_, of_type in parts.items()
    }
    return EventSchema(whole, title, {name: both([either(nodes), shared]) for name, nodes in events.items()}, types)


def _merged(parts: list[dict[str, SchemaNode]]) -> dict[str, SchemaNode]:
    """What holds of each part in one of the calls that have it."""
    having = {part: [of_call[part] for of_call in parts if part in of_call] for part in _PARTS}
    return {part: either(nodes) for part, nodes in having.items() if nodes}


def _text(values: list[str]) -> SchemaNode:
    return SchemaNode(frozenset(("string",)), examples=values, listed=values)


def _inside(content: Any) -> tuple[Any, str]:
    """What an answer of an API is about, and its place."""
    place = "#"
    while isinstance(content, dict):
        key = next((key for key in ("data", "tracking_plan", "trackingPlan") if key in content), None)
        if key is None or not isinstance(content[key], dict | list):
            break
        content, place = content[key], f"{place}/{key}"
    return content, place


def _calls(content: Any, place: str) -> Iterator[_Call | _Problem]:
    """Everything that a plan has rules for."""
    entries, at = _entries(content, place)
    for number, entry in enumerate(entries):
        yield from _of_entry(entry, f"{at}/{number}" if at != place or isinstance(content, list) else place)
    rules = content.get("rules") if isinstance(content, dict) else None
    if not isinstance(rules, dict):
        return
    for key, value in rules.items():
        call, _, of_traits = key.partition("_")
        call = _CALLS.get(call, "")
        where = f"{place}/rules/{key}"
        if key == "events" or not value or call in ("", "track"):
            continue
        if of_traits == "traits" and isinstance(value, list):
            yield _Call(call, "", {"properties": {"traits": _of_list(value)}}, where)
        elif isinstance(value, dict):
            yield _Call(call, "", value, where)
        else:
            yield _Problem(f"expected a JSON Schema at `{where}`")


def _entries(content: Any, place: str) -> tuple[Sequence[Any], str]:
    """The list of events, wherever the form keeps it, and its place."""
    if isinstance(content, list):
        return content, place
    if not isinstance(content, dict):
        return [], place
    if isinstance(content.get("self"), dict):
        return [content], place
    rules = content.get("rules")
    for inner, at in (
        (rules, "rules"),
        (rules.get("events") if isinstance(rules, dict) else None, "rules/events"),
        (content.get("events"), "events"),
    ):
        if isinstance(inner, list):
            return inner, f"{place}/{at}"
    return [], place


def _of_entry(entry: Any, place: str) -> Iterator[_Call | _Problem]:
    """What an entry of a plan has rules for."""
    if not isinstance(entry, dict):
        yield _Problem(f"expected an event at `{place}`")
        return
    if isinstance(own := entry.get("self"), dict):
        name = own.get("name")
        yield _Call("track", name, entry, place) if isinstance(name, str) else _unnamed(place)
        return
    type_ = next((entry[key] for key in ("type", "eventType") if isinstance(entry.get(key), str)), "track")
    call = _CALLS.get(type_.lower())
    if call is None:
        yield _Problem(f"the event at `{place}` is of an unknown type, `{type_}`")
        return
    name = next((entry[key] for key in _NAMES if isinstance(entry.get(key), str) and entry[key]), "")
    key = next((key for key in _RULES if entry.get(key) is not None), None)
    if call == "track" and not name:
        yield _unnamed(place)
    elif key is not None and not isinstance(entry[key], dict):
        yield _Problem(f"expected a JSON Schema at `{place}/{key}`")
    elif key is None and isinstance(listed := entry.get("properties"), list):
        place = f"{place}/properties"
        yield from (
            _Problem(f"expected a property with a name at `{place}/{number}`")
            for number, property_ in enumerate(listed)
            if not _has_name(property_)
        )
        yield _Call(call, name, _of_list(listed), place)
    elif key is None and "properties" in entry:
        yield _Call(call, name, {"type": "object", "properties": entry["properties"]}, place)
    else:
        yield _Call(call, name, None if key is None else entry[key], place if key is None else f"{place}/{key}")


def _unnamed(place: str) -> _Problem:
    return _Problem(f"the event at `{place}` has no name")


def _parts_of(root: SchemaNode, call: str) -> dict[str, SchemaNode]:
    """What rules say of the parts of an event: they are of the whole event, or of its properties alone."""
    parts = {part: root.keys[part] for part in _PARTS if part in root.keys}
    if any(map(_is_object, parts.values())) or (parts and root.keys.keys() <= set(_PARTS)):
        return {part: node for part, node in parts.items() if not node.is_blank}
    if root.is_blank:
        return {}
    return {"traits" if call in ("identify", "group") else "properties": root}


def _is_object(node: SchemaNode) -> bool:
    return node.kinds <= {"object", "null"} or bool(node.keys) or node.closed or node.open


def _has_name(property_: Any) -> bool:
    return isinstance(property_, dict) and isinstance(property_.get("name"), str)


def _of_list(properties: list[Any]) -> Schema:
    """A schema of properties that are listed with their names and types."""
    named = {property_["name"]: _of_property(property_) for property_ in properties if _has_name(property_)}
    return {"type": "object", "properties": named}


def _of_property(property_: Schema) -> Schema:
    type_ = property_.get("type")
    return {} if type_ is None else {"type": _TYPES.get(type_, type_) if isinstance(type_, str) else type_}
