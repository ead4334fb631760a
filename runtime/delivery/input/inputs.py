"""Where events come from: a file that is read on from where it was left, a pipe, or any iterable."""

from __future__ import annotations

import os
import selectors
import threading
from collections.abc import Callable, Iterable
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol

from ..mailbox import Mailbox
from ..store.queue import InputPosition
from .ingest import Event

CHUNK_EVENTS = 1_000
CHUNK_BYTES = 1_000_000
FINGERPRINT_BYTES = 1_024
PIPE_BYTES = 65_536
POLL_SECONDS = 0.25
"""How often a file that is followed is looked at."""


class Chunk(NamedTuple):
    """Events that were read together, and the position behind them."""

    events: list[Event]
    position: InputPosition | None


class InputProblem(Exception):
    """The input cannot be read, or is not the one that was read before."""


class EndOfInput(NamedTuple):
    """There is nothing more to come; `problem` when reading failed."""

    problem: Exception | None = None


class Source(Protocol):
    """What a sender asks of its input."""

    def start(self) -> None:
        """Begin to post chunks, and at last the end of the input."""
        ...

    def stop(self) -> None:
        """End soon; what was read is still posted."""
        ...

    def committed(self) -> None:
        """One chunk is on disk."""
        ...


class Reader:
    """Reads an input on a thread of its own, at most `ahead` chunks further than what is on disk."""

    def __init__(self, source: Callable[[Reader], Iterable[Chunk]], mailbox: Mailbox, *, ahead: int = 2) -> None:
        self._source = source
        self._mailbox = mailbox
        self._ahead = ahead
        self._posted = 0
        self._changed = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="rulewright-reader", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read nothing more; what was posted already is still there."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def committed(self) -> None:
        """One chunk is on disk: another may be read."""
        with self._changed:
            self._posted -= 1
            self._changed.notify_all()

    @property
    def hungry(self) -> bool:
        """Everything posted is on disk, so that what is at hand should not wait for company."""
        return self._posted == 0

    def pause(self, seconds: float) -> bool:
        """Wait for more to be written; True when reading should stop."""
        with self._changed:
            return self._changed.wait_for(lambda: self._stopping, seconds)

    @property
    def stopping(self) -> bool:
        """The source should end after what it has in hand."""
        return self._stopping

    def _post(self, chunk: Chunk) -> None:
        with self._changed:
            self._posted += 1
            self._mailbox.put(chunk)
            self._changed.wait_for(lambda: self._stopping or self._posted <= self._ahead)

    def _run(self) -> None:
        problem: Exception | None = None
        try:
            for chunk in self._source(self):
                self._post(chunk)
        except Exception as caught:
            problem = caught
        except BaseException as caught:
            # A sender waits for the end of its input, so whatever ends this thread must say so.
            problem = InputProblem(f"the input raised {type(caught).__name__}")
        self._mailbox.put(EndOfInput(problem))


def fingerprint(path: Path, length: int) -> bytes:
    """A short hash of the beginning, which tells a file from another of the same name."""
    with path.open("rb") as file:
        return _mark(file, length)


def _mark(file: BinaryIO, length: int) -> bytes:
    here = file.tell()
    file.seek(0)
    beginning = file.read(min(length, FINGERPRINT_BYTES))
    file.seek(here)
    return blake2b(beginning, digest_size=16).digest()


def resume_at(path: Path, known: InputPosition | None) -> InputPosition:
    """Where to go on reading. A file that does not begin as it did is new, and read from its start."""
    name = str(path.resolve())
    size = path.stat().st_size
    if known is not None and size >= known.offset and fingerprint(path, known.offset) == known.fingerprint:
        return known
    return InputPosition(name, 0, 0, b"")


class FileInput:
    """Lines of a file from a position on; with `follow` also those that are still to be written."""

    def __init__(self, path: Path, position: InputPosition, *, follow: bool = False) -> None:
        self._path = path
        self._position = position
        self._follow = follow

    def __call__(self, reader: Reader) -> Iterable[Chunk]:
        """Chunks with their positions; a last line without its newline counts when nothing can be added to it.

        A followed file that another takes the place of, as when a log is rotated, is read to its end first.
        """
        yield from self._lines(reader)
        while self._follow and not reader.stopping:
            self._position = InputPosition(self._position.name, 0, 0, b"")
            yield from self._lines(reader)

    def _lines(self, reader: Reader) -> Iterable[Chunk]:
        name, offset, lines, _ = self._position
        known, mark = 0, b""
        with self._path.open("rb") as file:
            file.seek(offset)
            rest, replaced = b"", False
            while True:
                block = file.read(CHUNK_BYTES)
                if not block:
                    if not self._follow or replaced:
                        if rest:
                            offset, lines = offset + len(rest), lines + 1
                            yield Chunk([rest], InputPosition(name, offset, lines, _mark(file, offset)))
                        return
                    if reader.pause(POLL_SECONDS):
                        return
                    # Whatever was written until now is read before the other file is.
                    replaced = self._is_replaced(file, offset)
                    continue
                *whole, rest = (rest + block).split(b"\n")
                for start in range(0, len(whole), CHUNK_EVENTS):
                    part = whole[start : start + CHUNK_EVENTS]
                    offset += sum(map(len, part)) + len(part)
                    lines += len(part)
                    mark = mark if known >= FINGERPRINT_BYTES else _mark(file, offset)
                    known = offset
                    position = InputPosition(name, offset, lines, mark)
                    yield Chunk([line for line in part if line and not line.isspace()], position)
                    if reader.stopping:
                        return

    def _is_replaced(self, file: BinaryIO, offset: int) -> bool:
        try:
            there = self._path.stat()
        except FileNotFoundError:
            return False
        here = os.fstat(file.fileno())
        if (there.st_dev, there.st_ino) != (here.st_dev, here.st_ino):
            return True
        if there.st_size < offset:
            raise InputProblem(f"`{self._path}` became shorter while it was followed")
        return False


class PipeInput:
    """Lines of a pipe, as they come. It cannot be asked again for what was read."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __call__(self, reader: Reader) -> Iterable[Chunk]:
        """Chunks as large as what one read of the pipe gives.

        A stop comes between two reads, never between a read and what it gave. A line cut off by a stop is given out
        as it is, so that it ends as a dead letter and not nowhere.
        """
        rest = b""
        with selectors.SelectSelector() as selector:
            selector.register(self._descriptor, selectors.EVENT_READ)
            while not reader.stopping:
                if not selector.select(POLL_SECONDS):
                    continue
                block = os.read(self._descriptor, PIPE_BYTES)
                if not block:
                    break
                *whole, rest = (rest + block).split(b"\n")
                if whole:
                    yield Chunk([line for line in whole if line and not line.isspace()], None)
        if rest and not rest.isspace():
            yield Chunk([rest], None)


class IterableInput:
    """Events of any iterable.

    Events are committed in groups while the disk is busy. With a group of one and a reader that is never ahead,
    asking for the next event says that the one before is on disk.
    """

    def __init__(self, events: Iterable[Event], *, group: int = CHUNK_EVENTS) -> None:
        self._events = events
        self._group = group

    def __call__(self, reader: Reader) -> Iterable[Chunk]:
        """Chunks of at most `group` events, smaller ones while nothing else is on the way."""
        chunk: list[Event] = []
        for event in self._events:
            if isinstance(event, (str, bytes)) and not event.strip():
                continue  # an empty line, as a file may have one
            chunk.append(event)
            if len(chunk) >= self._group or reader.hungry:
                yield Chunk(chunk, None)
                chunk = []
            if reader.stopping:
                break
        if chunk:
            yield Chunk(chunk, None)
