"""Schemas of events, read from JSON Schema: the paths, the kinds of value at them, and typical values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ..value_types import ANY, Kinds

_KINDS = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "object": "object",
    "array": "list",
    "null": "null",
}


@dataclass(slots=True)
class SchemaNode:
    """The values that one path may have."""

    kinds: Kinds = ANY
    keys: dict[str, SchemaNode] = field(default_factory=dict)
    items: SchemaNode | None = None
    closed: bool = False
    """No other keys than these can come."""
    open: bool = False
    """Other keys are as usual as these."""
    examples: list[Any] = field(default_factory=list)
    listed: list[Any] | None = None
    """All values that can come; None where others can."""
    others: bool = False
    """A part of the schema lists no values."""
    _by_letters: dict[str, list[str]] | None = field(default=None, compare=False, repr=False)

    def keys_of_letters(self, letters: str) -> list[str]:
        """The keys that consist of these letters (see `letters_of`); a schema that was read does not change."""
        if self._by_letters is None:
            self._by_letters = {}
            for key in self.keys:
                self._by_letters.setdefault(letters_of(key), []).append(key)
        return self._by_letters.get(letters, [])


def letters_of(word: str) -> str:
    """The letters of a word in lower case, sorted: the same for each order of them."""
    return "".join(sorted(word.lower()))


class EventSchema:
    """A schema of events; keywords that only narrow values are read over, and a schema within itself is read once."""

    def __init__(self, schema: Mapping[str, Any], title: str, events: Mapping[str, Any] | None = None) -> None:
        """A schema of JSON Schema, any draft, and a few words that say what it is of: "the Segment spec".

        `events` are the schemas of single events, by name, where they are known.
        """
        self.title = title
        self.events = dict(events or {})
        self._of_one: dict[str, EventSchema] = {}
        self._whole = schema
        self._following: list[str] = []
        self.root = SchemaNode()
        self._read(schema, self.root)

    def of_event(self, name: str) -> EventSchema:
        """What is known of the events with a name; if nothing is known, of all events."""
        if name not in self.events:
            return self
        if name not in self._of_one:
            self._of_one[name] = EventSchema(self.events[name], f"`{name}` of {self.title}")
        return self._of_one[name]

    @cached_property
    def parts(self) -> SchemaNode:
        """The keys of all parts of an event, such as `properties` and `context`, as if they were those of one."""
        return SchemaNode(keys={key: at for part in self.root.keys.values() for key, at in part.keys.items()})

    def place(self, path: tuple[str, ...]) -> SchemaNode | None:
        """What is known of a path; None if nothing is known."""
        place: SchemaNode | None = self.root
        for step in path:
            if place is None:
                return None
            place = place.keys.get(step) or (place.items if step.isdecimal() else None)
        return place

    def examples(self, path: tuple[str, ...]) -> tuple[Any, ...]:
        """Usual values of a path."""
        place = self.place(path)
        return () if place is None else tuple(place.examples)

    def _read(self, schema: Any, place: SchemaNode) -> None:
        """Adds a schema to what is known of a place; of alternatives, all are possible."""
        if not isinstance(schema, Mapping):
            return
        for part in self._parts(schema):
            self._read(part, place)
        type_names = schema.get("type")
        if type_names is not None:
            names = [type_names] if isinstance(type_names, str) else type_names
            kinds = frozenset(_KINDS[name] for name in names if name in _KINDS)
            place.kinds = kinds if place.kinds == ANY else place.kinds | kinds
        for key, inner in _entries(schema, "properties"):
            self._read(inner, place.keys.setdefault(key, SchemaNode()))
        if isinstance(schema.get("items"), Mapping):
            place.items = place.items or SchemaNode()
            self._read(schema["items"], place.items)
        if schema.get("additionalProperties") is False:
            place.closed = True
        elif "additionalProperties" in schema:
            place.open = True
        self._list(schema, place)
        for example in _examples(schema):
            if not any(
                example is known or (type(example) is type(known) and example == known) for known in place.examples
            ):
                place.examples.append(example)

    def _list(self, schema: Mapping[str, Any], place: SchemaNode) -> None:
        """The values of alternatives add up, and one without a list allows any."""
        values = [schema["const"]] if "const" in schema else schema.get("enum")
        if isinstance(values, list):
            known = [] if place.listed is None else place.listed
            place.listed = [*known, *(value for value in values if value not in known)]
            if place.others:
                place.listed = None
        elif "type" in schema:
            place.others, place.listed = True, None

    def _parts(self, schema: Mapping[str, Any]) -> Iterator[Any]:
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith("#") and reference not in self._following:
            self._following.append(reference)
            target: Any = self._whole
            for name in reference.lstrip("#/").split("/"):
                if name:
                    target = (
                        target.get(name.replace("~1", "/").replace("~0", "~")) if isinstance(target, Mapping) else None
                    )
            yield target
            self._following.pop()
        for word in ("allOf", "anyOf", "oneOf"):
            alternatives = schema.get(word)
            if isinstance(alternatives, list):
                yield from alternatives
        for word in ("then", "else"):
            if word in schema:
                yield schema[word]


def _entries(schema: Mapping[str, Any], word: str) -> Iterator[tuple[str, Any]]:
    entries = schema.get(word)
    if isinstance(entries, Mapping):
        yield from entries.items()


def _examples(schema: Mapping[str, Any]) -> Iterator[Any]:
    if "const" in schema:
        yield schema["const"]
    for word in ("examples", "enum"):
        values = schema.get(word)
        if isinstance(values, list):
            yield from values
