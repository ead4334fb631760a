"""Events of files, archives, tables and objects in buckets, from where the last run stopped."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from hashlib import blake2b

from ...inputs.event_source import EventSource, open_events
from ...inputs.locations import Location
from ...inputs.recognition import Format
from ..store.transaction import InputPosition
from .file_input import FINGERPRINT_BYTES, FileInput, resume_at
from .reader import STORED_CHUNK_EVENTS, Chunk, InputProblem, InputReader

MARK_BYTES = 16


def name_of(location: Location) -> str:
    """The name of an input for its position in the queue: the absolute path of a file, the URL of an object."""
    return location.name if location.path is None else str(location.path.resolve())


class StoredInput:
    """Events of several locations, one after the other.

    Plain JSON lines are read on from a byte of the file. Everything else is read again from its beginning, and events
    that were read before are skipped: their number is exact in every format, and an archive has no offsets to
    continue from. A location that was read to its end is not opened again while its size, or entity tag, is the same.
    """

    def __init__(
        self,
        locations: Iterable[Location],
        positions: Mapping[str, InputPosition],
        *,
        follow: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`positions` by the names of inputs; `now` is wall time, as in the time stamps of files."""
        self._locations = list(locations)
        self._positions = positions
        self._follow = follow
        self._now = now

    def __call__(self, reader: InputReader) -> Iterable[Chunk]:
        """Chunks with their positions. Raises InputRefused and InputProblem."""
        for location in self._locations:
            if reader.stopping:
                return
            yield from self._chunks(location, reader)

    def _chunks(self, location: Location, reader: InputReader) -> Iterator[Chunk]:
        known = self._positions.get(name_of(location))
        if known is not None and known.fingerprint[MARK_BYTES:] == _whole(location):
            return
        with open_events(location, any_text=known is not None) as source:
            if not source.is_plain or location.path is None:
                yield from self._events(source, known, reader)
                return
        position = resume_at(location.path, known)
        yield from FileInput(location.path, position, follow=self._follow, now=self._now)(reader)

    def _events(self, source: EventSource, known: InputPosition | None, reader: InputReader) -> Iterator[Chunk]:
        if self._follow:
            raise InputProblem(
                f"`{source.location.name}` is {source.description}: only plain JSON lines can be followed"
            )
        name = name_of(source.location)
        is_known = known is not None and known.fingerprint[:MARK_BYTES] == _mark(source, known.offset)
        passed_over = known.lines if known is not None and is_known else 0
        whole, count, offset = _whole(source.location), 0, 0
        for piece in source.pieces():
            before, count, offset = count, count + len(piece.events), piece.offset
            events = piece.events[max(0, passed_over - before) :]
            for start in range(0, len(events), STORED_CHUNK_EVENTS):
                part = events[start : start + STORED_CHUNK_EVENTS]
                lines = count - len(events) + start + len(part)
                position = InputPosition(name, offset, lines, _mark(source, offset))
                yield Chunk([event for event in part if event and not event.isspace()], position)
                if reader.stopping:
                    return
        if count < passed_over:
            raise InputProblem(
                f"`{source.location.name}` has {count:,} {source.unit}s, and {passed_over:,} were read of it before:"
                " it is not the same file; send it with another queue"
            )
        if whole:
            yield Chunk([], InputPosition(name, offset, count, _mark(source, offset) + whole))


def _mark(source: EventSource, offset: int) -> bytes:
    """A hash that distinguishes an input from others of the same name, of its first `offset` bytes at most."""
    if source.location.identity is not None:
        return source.location.identity
    length = FINGERPRINT_BYTES if source.format is Format.PARQUET else min(offset, FINGERPRINT_BYTES)
    return blake2b(source.head[:length], digest_size=MARK_BYTES).digest()


def _whole(location: Location) -> bytes:
    """What shows that a location did not change since it was read to its end: the size of a file, the tag of an object.

    Empty if that is not known.
    """
    if location.path is None:
        return location.identity or b""
    try:
        return location.path.stat().st_size.to_bytes(8, "big")
    except OSError:
        return b""


def require_readable(locations: Iterable[Location], known: Collection[str] = ()) -> list[str]:
    """Raise InputRefused for a file that cannot be read, before any event is accepted.

    Returns a sentence for each format other than plain JSON lines. Files whose names are `known` were read before, and
    are not opened; neither are streams and objects in buckets.
    """
    by_name: dict[str, Location] = {}
    for location in locations:
        if location.path is not None and name_of(location) not in known:
            with open_events(location) as source:
                if not source.is_plain:
                    by_name.setdefault(source.description, location)
    return [f"reading `{location.name}`: {description}" for description, location in by_name.items()]
