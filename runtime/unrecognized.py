"""Says what is in place of an event of Segment: a batch, an envelope around the event, or an object without a type."""

from __future__ import annotations

import json
import re
from binascii import Error, a2b_base64
from collections.abc import Iterator
from itertools import islice
from shlex import quote
from typing import Any, NamedTuple

import msgspec

from .counted import counted
from .semantics.description import shown
from .semantics.event import EVENT_TYPES, Event, is_event_type

MOST_KINDS = 100
"""Kinds that are counted apart. Their paths come from events, which must not fill the memory; further kinds are counted
by code alone."""
HOLDS_EVENTS = frozenset({"batch", "wrapped"})
"""The codes of what holds events that were not mapped."""
_LEVELS = 4
"""Levels of an envelope that are looked into: `Records[].kinesis.data` is the third."""
_MOST_KEYS = 50
_LONGEST_TEXT = 1_000_000
_BASE64_OF_JSON = re.compile(r"\s*(?:e[yw]|W3)[A-Za-z0-9+/_-]+=*\s*")
"""The base64 text of what begins with `{"`, `{ `, `{`, and a line break, or `[{`."""
_EVIDENCE = frozenset(
    "event userId anonymousId messageId properties traits groupId previousId timestamp originalTimestamp".split()
)
"""Keys that an event of Segment has beside its type; a song may have a `type` of `track`."""
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EXPECTED = ", ".join(f"`{name}`" for name in EVENT_TYPES[:-1]) + f" or `{EVENT_TYPES[-1]}`"


class Unrecognized(NamedTuple):
    """Why an event that matched nothing is not an event of Segment: the path that shows it, and what is there."""

    field: str
    code: str
    """`no_type`, `unknown_type`, `batch` or `wrapped`."""
    message: str
    """One sentence without the field's name."""


class _Inside(NamedTuple):
    """Events that are inside an object."""

    path: str
    """As a person reads it: `Records[].body`."""
    query: str
    """The same as a filter of jq."""
    events: int


def unrecognized(event: Event) -> Unrecognized | None:
    """Why an object is not an event of Segment; None for one with a type that Segment has."""
    kind = event.get("type")
    if is_event_type(kind):
        return None
    inside = _inside(event, "", "", _LEVELS)
    if inside is not None:
        way_out = f"unpack such lines first: `jq -c {quote(f'({inside.query})? // .')}`"
        if "[]" not in inside.query:
            return Unrecognized(inside.path, "wrapped", f"holds the event itself; {way_out}")
        if inside.query == ".batch[]":
            way_out = "put batches of Segment's API into an input of their own, which is read event by event"
        return Unrecognized(inside.path, "batch", f"holds a batch of {counted(inside.events, 'event')}; {way_out}")
    if kind is None:
        other = next((key for key in islice(event, _MOST_KEYS) if key.lower() == "type" and key != "type"), None)
        instead = "" if other is None else f", found the key {shown(other)}"
        return Unrecognized("type", "no_type", f"has no value; expected {_EXPECTED}{instead}")
    return Unrecognized("type", "unknown_type", f"expected {_EXPECTED}, found {shown(kind)}")


class UnrecognizedEvents:
    """Events of several kinds that are not events of Segment, counted by kind."""

    def __init__(self) -> None:
        self._kinds: dict[tuple[str, str], tuple[int, str]] = {}

    def add(self, event: Unrecognized) -> None:
        """Counts an event."""
        key = event.field, event.code
        if key not in self._kinds and len(self._kinds) >= MOST_KINDS:
            key = "other paths", event.code
        count, message = self._kinds.get(key, (0, event.message))
        self._kinds[key] = count + 1, message

    def __len__(self) -> int:
        return sum(count for count, _ in self._kinds.values())

    def sentences(self, what: str = "event") -> Iterator[str]:
        """A sentence for each kind, the most frequent first; `what` is the singular noun for what is counted."""
        for (field, _), (count, message) in sorted(self._kinds.items(), key=lambda item: -item[1][0]):
            are = "is not an event" if count == 1 else "are not events"
            yield f"{counted(count, what)} {are} of Segment: `{field}` {message}"


def _inside(value: Any, path: str, query: str, levels: int) -> _Inside | None:
    """The first event inside a value, searched level by level of an envelope."""
    if isinstance(value, dict):
        if path and is_event_type(value.get("type")) and not _EVIDENCE.isdisjoint(value):
            return _Inside(path, query, 1)
        if not levels:
            return None
        members = (
            _inside(inner, f"{path}.{key}" if path else key, query + _step(key, first=not query), levels - 1)
            for key, inner in islice(value.items(), _MOST_KEYS)
        )
        return next((event for event in members if event is not None), None)
    if isinstance(value, list) and value:
        first = _inside(value[0], path, f"{query}[]", levels)
        return None if first is None else first._replace(events=max(len(value), first.events))
    if isinstance(value, str) and levels:
        return _inside_text(value, path, query, levels)
    return None


def _inside_text(text: str, path: str, query: str, levels: int) -> _Inside | None:
    """An event in a text that is JSON, or JSON in base64."""
    if len(text) > _LONGEST_TEXT:
        return None
    if _BASE64_OF_JSON.fullmatch(text):
        try:
            content = a2b_base64(text.translate({ord("-"): "+", ord("_"): "/"}) + "==")
        except Error:
            return None
        return _inside(_decoded(content), path, f"{query} | @base64d | fromjson", levels - 1)
    if text.lstrip().startswith(("{", "[")):
        return _inside(_decoded(text), path, f"{query} | fromjson", levels - 1)
    return None


def _decoded(text: str | bytes) -> Any:
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        return None


def _step(key: str, *, first: bool) -> str:
    return f".{key}" if _PLAIN_KEY.fullmatch(key) else f"{'.' if first else ''}[{json.dumps(key)}]"
