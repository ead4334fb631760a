"""Expands sources that are whole objects to the paths below them, from a tracking plan or events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from ..compiler.analysis.event_schema import EventSchema
from ..compiler.analysis.lineage import ITEM, DerivedFlow
from ..compiler.analysis.schema_node import SchemaNode
from ..dsl.ast import EventPath
from ..runtime.semantics.event import Event

MOST_LEVELS = 12
MOST_PATHS = 5_000
"""The most paths of one flow; more are not looked for."""


def keys_in_plan(plan: EventSchema, flow: DerivedFlow) -> list[EventPath]:
    """The paths below the source of a flow that lead to a plain value, by the plan."""
    place: SchemaNode | None = plan.root
    for step in flow.source:
        place = None if place is None else place.items if step == ITEM else place.inside(str(step))
    if place is None or not (place.keys or place.items):
        return []
    return [path for path in islice(_places(place, flow.source, MOST_LEVELS), MOST_PATHS) if flow.covers(path)]


def _places(place: SchemaNode, path: EventPath, levels: int) -> Iterator[EventPath]:
    if levels == 0 or not (place.keys or place.items):
        yield path
        return
    for key, inner in place.keys.items():
        yield from _places(inner, (*path, key), levels - 1)
    if place.items is not None:
        yield from _places(place.items, (*path, ITEM), levels - 1)


def keys_in_events(flows: list[DerivedFlow], events: Iterable[tuple[Event, set[str]]]) -> list[list[EventPath]]:
    """For each flow, the paths below its source in the events that its mapping takes.

    `events` are the events, each with the names of the mappings that take it.
    """
    paths_of_flows: list[dict[EventPath, None]] = [{} for _ in flows]
    for event, taken in events:
        for flow, paths in zip(flows, paths_of_flows, strict=True):
            if flow.decides or flow.mapping not in taken or len(paths) >= MOST_PATHS:
                continue
            for value in _values(event, flow.source):
                for path in _leaves(value, flow.source, MOST_LEVELS):
                    if path != flow.source and flow.covers(path):
                        paths.setdefault(path)
    return [[*paths] for paths in paths_of_flows]


def _values(value: Any, steps: EventPath) -> Iterator[Any]:
    key = str(steps[0]) if steps else ""
    if not steps:
        yield value
    elif steps[0] == ITEM:
        for item in value if isinstance(value, list) else [value]:
            yield from _values(item, steps[1:])
    elif isinstance(value, dict) and key in value:
        yield from _values(value[key], steps[1:])
    elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
        yield from _values(value[int(key)], steps[1:])


def _leaves(value: Any, path: EventPath, levels: int) -> Iterator[EventPath]:
    if levels and isinstance(value, dict) and value:
        for key, inner in value.items():
            yield from _leaves(inner, (*path, key), levels - 1)
    elif levels and isinstance(value, list) and value:
        for inner in value:
            yield from _leaves(inner, (*path, ITEM), levels - 1)
    else:
        yield path
