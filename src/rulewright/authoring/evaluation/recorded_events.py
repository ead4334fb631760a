"""Recorded events to pick from: type, name and user of each, and a search."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

import msgspec

from ...runtime.mapping.event_text import read_event
from ...runtime.semantics.event import Event


class EventHead(NamedTuple):
    """What a list shows of an event; empty where it is not text."""

    type: str
    name: str
    user: str


class _Head(msgspec.Struct):
    type: Any = ""
    event: Any = ""
    name: Any = ""
    userId: Any = ""
    anonymousId: Any = ""


class RecordedEvents:
    """Events by number, from 0, in the order of their file."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.lines = list(lines)
        decode = msgspec.json.Decoder(_Head).decode
        self.heads = [_head(line, decode) for line in self.lines]

    def __len__(self) -> int:
        return len(self.lines)

    def event(self, number: int) -> Event:
        """One event. Raises ValueError where the line holds none, and IndexError."""
        if number < 0:
            raise IndexError(number)
        return read_event(self.lines[number])

    def text(self, number: int) -> str:
        """An event as a person reads it; the line itself where it is not an event."""
        try:
            return msgspec.json.format(msgspec.json.encode(self.event(number)), indent=2).decode()
        except (ValueError, msgspec.DecodeError):
            return self.lines[number].decode("utf-8", "replace")

    def is_found(self, number: int, sought: bytes) -> bool:
        """Whether an event holds a text, given in lower case."""
        return sought in self.lines[number].lower()


def _head(line: bytes, decode: Any) -> EventHead:
    try:
        head = decode(line)
    except (msgspec.DecodeError, RecursionError):
        return EventHead("", "", "")
    name = head.event if head.type == "track" else head.name
    return EventHead(_text(head.type), _text(name), _text(head.userId) or _text(head.anonymousId))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
