"""Schemas of events: what is known of every path, for all events and for those of one name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from .json_schema import JsonSchema
from .schema_node import SchemaNode


class EventSchema:
    """What one source, such as a tracking plan or the Segment spec, says of events."""

    def __init__(
        self,
        root: SchemaNode,
        title: str,
        events: Mapping[str, SchemaNode] | None = None,
        types: Mapping[str, SchemaNode] | None = None,
    ) -> None:
        """What is known of all events, and a few words that say by what: "the Segment spec".

        `events` is what is known of single events, by name; `types` what is known of the events of one type.
        """
        self.title = title
        self.events = dict(events or {})
        self._types = dict(types or {})
        self._of_one: dict[str, EventSchema] = {}
        self._of_types: dict[str, EventSchema] = {}
        self.root = root

    @classmethod
    def from_json(cls, schema: Mapping[str, Any], title: str) -> EventSchema:
        """A schema of events in JSON Schema, any draft."""
        return cls(JsonSchema(schema).root(), title)

    def of_event(self, name: str) -> EventSchema:
        """What is known of the events with a name; if nothing is known, of all events."""
        if name not in self.events:
            return self
        if name not in self._of_one:
            self._of_one[name] = EventSchema(self.events[name], f"`{name}` of {self.title}")
        return self._of_one[name]

    def of_type(self, type_: str) -> EventSchema:
        """What is known of the events of a type; if types are not known one by one, of all events."""
        if type_ not in self._types:
            return self
        if type_ not in self._of_types:
            self._of_types[type_] = EventSchema(self._types[type_], self.title)
        return self._of_types[type_]

    @cached_property
    def parts(self) -> SchemaNode:
        """The keys of all parts of an event, such as `properties` and `context`, as if they were those of one."""
        return SchemaNode(keys={key: at for part in self.root.keys.values() for key, at in part.keys.items()})

    def place(self, path: tuple[str, ...]) -> SchemaNode | None:
        """What is known of a path; None if nothing is known."""
        if not path:
            return self.root
        *above, step = path
        place = _place(self, tuple(above))
        return None if place is None else place.inside(step) or (None if step.isdecimal() else place.any_key())

    def examples(self, path: tuple[str, ...]) -> tuple[Any, ...]:
        """Usual values of a path."""
        place = self.place(path)
        return () if place is None else tuple(place.examples)


@lru_cache(maxsize=1024)
def _place(schema: EventSchema, path: tuple[str, ...]) -> SchemaNode | None:
    """What is known of a path on which many others go on, such as `context.page`."""
    return schema.place(path)
