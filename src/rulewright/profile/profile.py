"""The profile of recorded events, in bounded memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..dsl.ast import EventPath, EveryItem
from ..runtime.mapping.unread_lines import UnreadLines
from ..runtime.semantics.event import Event

MOST_NAMES = 2_000
"""Pairs of type and name; events with others are counted under their type alone."""
MOST_PATHS = 2_000
"""The most paths of one event name; values at others are counted and not shown."""
MOST_LEVELS = 12


@dataclass(slots=True)
class PathProfile:
    """The values of the events of one name at one path."""

    events: int = 0
    """Events that have the path."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Values by kind: string, number, boolean, null, object, list."""


@dataclass(slots=True)
class NameProfile:
    """Events of one type and, where they have an `event`, of one name."""

    events: int = 0
    paths: dict[EventPath, PathProfile] = field(default_factory=dict)
    more_paths: int = 0
    """Values at paths that are not shown, because there are too many."""

    def add(self, event: Event) -> None:
        """Counts one event."""
        self.events += 1
        seen: set[EventPath] = set()
        for path, kind in _places(event, (), MOST_LEVELS):
            known = self.paths.get(path)
            if known is None:
                if len(self.paths) >= MOST_PATHS:
                    self.more_paths += 1
                    continue
                known = self.paths[path] = PathProfile()
            known.kinds[kind] += 1
            if path not in seen:
                seen.add(path)
                known.events += 1


@dataclass(slots=True)
class Profile:
    """All events by type and name, and the lines that are not events."""

    events: int = 0
    unread: UnreadLines = field(default_factory=UnreadLines)
    names: dict[tuple[str, str | None], NameProfile] = field(default_factory=dict)
    more_names: int = 0
    """Events whose name is not shown, because there are too many."""

    def types(self) -> dict[str, int]:
        """Events by type, the most frequent first."""
        counts: Counter[str] = Counter()
        for (kind, _), name in self.names.items():
            counts[kind] += name.events
        return dict(counts.most_common())


def profile(lines: Iterable[bytes]) -> Profile:
    """The profile of JSON lines; a line that is not an event is counted by its reason."""
    counted = Profile()
    for _, event in counted.unread.events(lines):
        counted.events += 1
        _of_name(counted, event).add(event)
    return counted


def _of_name(whole: Profile, event: Event) -> NameProfile:
    kind, name = event.get("type"), event.get("event")
    key = kind if isinstance(kind, str) else "(no type)", name if isinstance(name, str) else None
    if key not in whole.names and len(whole.names) >= MOST_NAMES:
        whole.more_names += 1
        key = (key[0], None)
    return whole.names.setdefault(key, NameProfile())


def _places(value: Any, path: EventPath, levels: int) -> Iterator[tuple[EventPath, str]]:
    kind = kind_of(value)
    if path:
        yield path, kind
    if not levels:
        return
    if kind == "object":
        for key, inner in value.items():
            yield from _places(inner, (*path, key), levels - 1)
    elif kind == "list":
        for inner in value:
            yield from _places(inner, (*path, EveryItem()), levels - 1)


def kind_of(value: Any) -> str:
    """The kind of a JSON value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case _:
            return "object"
