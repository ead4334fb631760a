"""What the mappings see of an event: without some paths, or of some objects nothing but some paths."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

Steps = tuple[str | int, ...]


def drop_paths(event: dict[str, Any], paths: Iterable[Steps]) -> dict[str, Any]:
    """The event without the values at the paths; whatever is not touched is shared with it."""
    for steps in paths:
        event = _without(event, steps)
    return event


def keep_paths(event: dict[str, Any], paths: Iterable[Steps]) -> dict[str, Any]:
    """The event in which each object that a path leads into has no keys but those that the paths name.

    `keep properties.plan, properties.total` leaves these two properties, and everything beside `properties` as it is.
    """
    named = [tuple(steps) for steps in paths]
    allowed: dict[Steps, set[str | int]] = {}
    for steps in named:
        for length in range(2, len(steps) + 1):
            allowed.setdefault(steps[: length - 1], set()).add(steps[length - 1])
    for parent in sorted(allowed, key=len, reverse=True):
        if not any(parent[:length] in named for length in range(1, len(parent) + 1)):
            event = _with_keys(event, parent, allowed[parent])
    return event


def _without(value: Any, steps: Steps) -> Any:
    first, *rest = steps
    if not isinstance(value, dict) or first not in value:
        return value
    if rest:
        return {**value, first: _without(value[first], tuple(rest))}
    return {key: item for key, item in value.items() if key != first}


def _with_keys(value: Any, steps: Steps, keys: set[str | int]) -> Any:
    if not isinstance(value, dict):
        return value
    if not steps:
        return {key: item for key, item in value.items() if key in keys}
    first, *rest = steps
    return {**value, first: _with_keys(value[first], tuple(rest), keys)} if first in value else value
