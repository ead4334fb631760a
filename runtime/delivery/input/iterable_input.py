"""Events of any iterable, in groups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .ingest import RawEvent
from .reader import CHUNK_EVENTS, Chunk, InputReader


class IterableInput:
    """Events of any iterable.

    Events are committed in groups while the disk is busy. With a group of one and a reader that is never ahead,
    asking for the next event says that the one before is on disk.
    """

    def __init__(self, events: Iterable[RawEvent], *, group: int = CHUNK_EVENTS) -> None:
        self._events = events
        self._group = group

    def __call__(self, reader: InputReader) -> Iterable[Chunk]:
        """Chunks of at most `group` events, smaller ones if no more events are waiting."""
        chunk: list[RawEvent] = []
        for event in self._events:
            if _is_empty_line(event):
                continue
            chunk.append(event)
            if len(chunk) >= self._group or reader.hungry:
                yield Chunk(chunk, None)
                chunk = []
            if reader.stopping:
                break
        if chunk:
            yield Chunk(chunk, None)


def _is_empty_line(event: Any) -> bool:
    """Whether an event is an empty line, as a file may have one. No method or property of the event is called."""
    if issubclass(type(event), str):
        return not str.strip(event)
    return issubclass(type(event), bytes) and not bytes.strip(event)
