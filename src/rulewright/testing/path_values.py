"""The values at a path of a filter in an event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..dsl.ast import EventPath, EveryItem, FilterStep, KeyPattern
from ..runtime.semantics.event import Event
from ..runtime.semantics.glob import matches
from ..runtime.semantics.javascript import list_index


def has_value(event: Event, path: EventPath) -> bool:
    """Whether an event has a plain value other than null at a path or below it."""
    return bool(values_at(event, path))


def values_at(event: Event, path: EventPath) -> list[Any]:
    """The plain values at a path and below it, without nulls."""
    values: list[Any] = []

    def note(value: Any) -> Any:
        values.append(value)
        return value

    with_changes(event, path, note)
    return values


def with_changes(value: Any, path: Sequence[FilterStep], change: Callable[[Any], Any]) -> Any:
    """The value with each plain value at a path or below it changed; the rest is shared with it."""
    if not path:
        return _leaves_changed(value, change)
    step, *rest = path
    if isinstance(step, EveryItem):
        if isinstance(value, list):
            return [with_changes(item, rest, change) for item in value]
        return with_changes(value, rest, change)
    if isinstance(value, list):
        index = None if isinstance(step, KeyPattern) else list_index(str(step))
        if index is not None:
            return [with_changes(item, rest, change) if number == index else item for number, item in enumerate(value)]
        return [with_changes(item, path, change) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: with_changes(inner, rest, change) if _leads_to(step, key) else inner for key, inner in value.items()}


def _leads_to(step: FilterStep, key: str) -> bool:
    return matches(step.glob, key) if isinstance(step, KeyPattern) else str(step) == key


def _leaves_changed(value: Any, change: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        return {key: _leaves_changed(inner, change) for key, inner in value.items()}
    if isinstance(value, list):
        return [_leaves_changed(inner, change) for inner in value]
    return None if value is None else change(value)
