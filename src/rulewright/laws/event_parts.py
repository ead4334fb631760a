"""The parts of events for some rules, from the tracking plan, the Segment spec, and what the rules read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from ..compiler import ir
from ..compiler.analysis.context import AnalysisContext
from ..compiler.analysis.event_schema import EventSchema
from ..compiler.analysis.lineage import DerivedFlow
from ..compiler.analysis.schema_node import SchemaNode, unique_values
from ..compiler.catalog import FieldSchema
from ..compiler.value_types import ANY, Kinds, kind_of
from ..dsl.ast import EveryItem, FilterStep, KeyPattern
from ..runtime.semantics.event import Event
from ..trace.filter_paths import matching_key

PartSteps: TypeAlias = tuple[str, ...]
"""The steps to a part of an event."""
ITEM = "[]"
"""The step to every item of a list."""
_OPEN = ("properties", "traits")
_MOST_OTHER_KEYS = 12
"""The most keys of properties, and of traits, that no rule reads, and that events may have all the same."""

_TIME = re.compile(r"\d{4}-\d\d-\d\d")
_ID = re.compile(r"(?:[a-z_]I|_i|\bi)ds?$|(?:token|idfa)$")
TIMES = ("2026-05-01T09:00:00.000Z", "1999-12-31T23:59:59Z", "2024-02-29T12:30:00+02:00")
IDS = ("user-0001", "0f8b9c6e-6a42-4f0e-9d0c-0a1b2c3d4e5f")
NUMBERED = (100_001, 20_240_001)
"""IDs that are numbers."""
TEXTS = ("a", "Abc def", "Ünïcode ✓", 'a "quoted", {{text}}; \\', "10", "true")
BLANKS = ("", " ")
NUMBERS = (0, 1, 2, 0.5, 19.99, -1, 100, 1_000_000)
_BY_HINT: dict[str, Sequence[Any]] = {
    "string": TEXTS,
    "number": NUMBERS,
    "integer": tuple(number for number in NUMBERS if isinstance(number, int)),
    "boolean": (True, False),
    "datetime": TIMES,
    "object": ({}, {"plan": "pro"}),
}


@dataclass(slots=True)
class EventPart:
    """A part of an event: its possible values, or the parts inside it."""

    pool: tuple[Any, ...] = ()
    keys: dict[str, EventPart] = field(default_factory=dict)
    item: EventPart | None = None


@dataclass(frozen=True, slots=True)
class PathReading:
    """A path that the rules read, and what they show of its values."""

    steps: PartSteps
    hint: str = ""
    """The type of the field that takes the value as it is."""
    values: tuple[Any, ...] = ()
    """Values that it is compared with."""


class EventParts:
    """The parts of events, for each name that the plan knows on its own."""

    def __init__(self, context: AnalysisContext, readings: Iterable[PathReading]) -> None:
        self.types = context.types
        self._of_types = context.parts
        self._schemas = context.schemas
        self._readings = [reading for reading in readings if reading.steps]
        self._by_name: dict[str, tuple[tuple[EventSchema, ...], EventPart]] = {}

    def of_event(self, name: Any) -> EventPart:
        """The event itself, for events of a name."""
        return self._named(name)[1]

    def comes_with(self, type_: str, key: str) -> bool:
        """Whether events of a type have a part."""
        return type_ in self._of_types.get(key, (type_,))

    def allows(self, event: Event) -> bool:
        """Whether the plan and the spec allow everything in an event."""
        schemas = self._named(event.get("event"))[0]
        return all(_allowed(schemas, path, value) for path, value in _paths(event))

    def conforming(self, event: Event) -> Event:
        """The event without the parts that the plan and the spec do not allow."""
        schemas = self._named(event.get("event"))[0]
        without: Event = _conforming(schemas, (), event)
        return without

    def _named(self, name: Any) -> tuple[tuple[EventSchema, ...], EventPart]:
        key = name if isinstance(name, str) and any(name in schema.events for schema in self._schemas) else ""
        if key not in self._by_name:
            schemas = tuple(schema.of_event(key) for schema in self._schemas)
            self._by_name[key] = (schemas, _event_part(schemas, self._readings))
        return self._by_name[key]


def _event_part(schemas: tuple[EventSchema, ...], readings: list[PathReading]) -> EventPart:
    merged: dict[PartSteps, PathReading] = {}
    for reading in [*readings, *(PathReading(steps) for steps in _other_keys(schemas))]:
        before = merged.get(reading.steps, reading)
        merged[reading.steps] = replace(
            reading, hint=before.hint or reading.hint, values=before.values + reading.values
        )
    root = EventPart()
    for reading in merged.values():
        _add(root, reading, schemas)
    return root


def _other_keys(schemas: tuple[EventSchema, ...]) -> Iterator[PartSteps]:
    for part in _OPEN:
        places = (schema.place((part,)) for schema in schemas)
        keys = next((list(place.keys) for place in places if place is not None and place.keys), [])
        yield from ((part, key) for key in keys[:_MOST_OTHER_KEYS])


def _add(root: EventPart, reading: PathReading, schemas: tuple[EventSchema, ...]) -> None:
    """Puts a path into the tree, unless the plan says that no event has it."""
    part = root
    for number, step in enumerate(reading.steps):
        if not _is_known_or_open(schemas, reading.steps[: number + 1]):
            return
        if step == ITEM:
            part.item = part.item or EventPart()
            part = part.item
        else:
            part = part.keys.setdefault(step, EventPart())
    part.pool = tuple(_pool(reading, _place(schemas, reading.steps)))


def _place(schemas: Iterable[EventSchema], steps: PartSteps) -> SchemaNode | None:
    """What the first schema that knows a path says of it."""
    path = tuple("0" if step == ITEM else step for step in steps)
    return next((place for schema in schemas if (place := schema.place(path)) is not None), None)


def _is_known_or_open(schemas: Iterable[EventSchema], steps: PartSteps) -> bool:
    """Whether an event can have a path: the first schema that knows the place above it knows it, or is open there."""
    above = _place(schemas, steps[:-1])
    path = "0" if steps[-1] == ITEM else steps[-1]
    return above is None or not above.closed or above.inside(path) is not None


def _pool(reading: PathReading, place: SchemaNode | None) -> Iterator[Any]:
    """The values that a path may have, usual ones first; each value once, with true and 1 distinct."""
    kinds = ANY if place is None else place.kinds
    usual = [] if place is None else place.examples
    if place is not None and place.listed is not None:
        yield from unique_values(place.listed)
        return
    yield from unique_values(
        [
            *(value for value in [*reading.values, *usual] if kinds == ANY or kind_of(value) in kinds),
            *_made_up(reading, kinds, usual),
        ]
    )


def _made_up(reading: PathReading, kinds: Kinds, usual: list[Any]) -> Iterator[Any]:
    if kinds == ANY:
        yield from _BY_HINT.get(reading.hint, (*TEXTS, *NUMBERS, True, False, None))
        return
    if "string" in kinds:
        texts = [value for value in usual if isinstance(value, str)]
        if reading.hint == "datetime" or any(map(_TIME.match, texts)):
            yield from TIMES
        elif _ID.search(reading.steps[-1]):
            yield from IDS
        else:
            yield from TEXTS
            # What an event is called is never blank.
            yield from BLANKS if len(reading.steps) > 1 else ()
    if "number" in kinds and _ID.search(reading.steps[-1]):
        yield from NUMBERED
    elif "number" in kinds:
        numbers = [value for value in usual if isinstance(value, int | float)]
        whole = reading.hint == "integer" or (numbers and all(isinstance(value, int) for value in numbers))
        yield from _BY_HINT["integer" if whole else "number"]
    if "boolean" in kinds:
        yield from (True, False)
    if "list" in kinds:
        yield from ([], ["a"], [1, 2])
    if "object" in kinds:
        yield from ({}, {"plan": "pro"})
    if "null" in kinds or reading.steps[0] in _OPEN:
        yield None


# --- events held against the schemas ---------------------------------------------------------------------------------


def _paths(value: Any, above: PartSteps = ()) -> Iterator[tuple[PartSteps, Any]]:
    """Every part of an event below the event itself, with its path."""
    inner: Iterable[tuple[str, Any]] = value.items() if isinstance(value, dict) else ()
    if isinstance(value, list):
        inner = ((ITEM, item) for item in value)
    for key, part in inner:
        yield (*above, key), part
        yield from _paths(part, (*above, key))


def _allowed(schemas: tuple[EventSchema, ...], steps: PartSteps, value: Any) -> bool:
    if not _is_known_or_open(schemas, steps):
        return False
    place = _place(schemas, steps)
    if place is None or place.kinds == ANY:
        return True
    if value is None:
        return "null" in place.kinds or steps[0] in _OPEN
    return kind_of(value) in place.kinds and (place.listed is None or value in place.listed)


def _conforming(schemas: tuple[EventSchema, ...], steps: PartSteps, value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _conforming(schemas, (*steps, key), part)
            for key, part in value.items()
            if _allowed(schemas, (*steps, key), part)
        }
    if isinstance(value, list):
        return [_conforming(schemas, (*steps, ITEM), part) for part in value if _allowed(schemas, (*steps, ITEM), part)]
    return value


# --- what rules read -------------------------------------------------------------------------------------------------


def readings_of(
    program: ir.Program, flows: Iterable[DerivedFlow], conditions: Iterable[ir.Condition]
) -> Iterator[PathReading]:
    """Every path that the rules and further conditions read."""
    types = {
        (mapping.name, name): facts.type
        for mapping in program.mappings
        for name, facts in _fields(mapping.action.fields)
    }
    for flow in flows:
        copied = not flow.decides and not flow.functions
        yield PathReading(steps_of(flow.source), types.get((flow.mapping, flow.field), "") if copied else "")
    written = [filter_.condition for filter_ in program.filters if filter_.condition is not None]
    for mapping in program.mappings:
        written += [mapping.trigger, *(field.value for field in mapping.fields)]  # type: ignore[list-item]
    for condition in [*written, *conditions]:
        for node in ir.walk(condition):
            yield from _compared(node)
    for condition in conditions:
        for node in ir.walk(condition):
            if isinstance(node, ir.Read) and node.root == ir.EVENT and node.steps:
                yield PathReading(tuple(map(str, node.steps)))
    for event_filter in program.filters:
        yield from (PathReading(steps_of(path)) for path in event_filter.paths)


def _fields(schemas: Iterable[FieldSchema], above: str = "") -> Iterator[tuple[str, FieldSchema]]:
    """All fields by name, with those in them: `products[].price`."""
    for schema in schemas:
        name = f"{above}{schema.name}"
        yield name, schema
        yield from _fields(schema.fields, f"{name}[]." if schema.multiple else f"{name}.")


def steps_of(path: Iterable[FilterStep]) -> PartSteps:
    """A path that the path of a filter matches, with a key that matches in place of a pattern."""
    return tuple(map(_step, path))


def _step(step: FilterStep) -> str:
    if isinstance(step, EveryItem):
        return ITEM
    return matching_key(step) if isinstance(step, KeyPattern) else str(step)


def _compared(node: ir.Node) -> Iterator[PathReading]:
    match node:
        case ir.Compare(_, ir.Read(ir.EVENT, steps), ir.Constant(value)) if steps:
            yield PathReading(tuple(map(str, steps)), "", tuple(_around(value)))
        case ir.Compare(_, ir.Constant(value), ir.Read(ir.EVENT, steps)) if steps:
            yield PathReading(tuple(map(str, steps)), "", tuple(_around(value)))
        case ir.Compare("in", ir.Read(ir.EVENT, steps), ir.MakeList(items)) if steps:
            values = tuple(item.value for item in items if isinstance(item, ir.Constant))
            yield PathReading(tuple(map(str, steps)), "", values)
        case _:
            return


def _around(value: Any) -> Iterator[Any]:
    """The value, and those on both sides of a number."""
    yield value
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from (value + 1, value - 1)
