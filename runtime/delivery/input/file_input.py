"""Lines of a file that may grow, from where the last run stopped."""

from __future__ import annotations

import os
import time
from codecs import BOM_UTF8
from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO

from ...inputs.line_splitter import LineSplitter, size_of_all
from ...mapping.event_text import read_event
from ..store.transaction import InputPosition
from .reader import STORED_CHUNK_EVENTS, Chunk, InputProblem, InputReader

CHUNK_BYTES = 1_000_000
FINGERPRINT_BYTES = 1_024
POLLS = 8
"""Looks at a file that does not grow, after which the end of its last line is not waited for in this run."""
FINAL_AFTER = 60.0
"""Seconds since its last change after which a file is not growing any more, so that its last line is all there is."""


def fingerprint(path: Path, length: int) -> bytes:
    """A hash of the first bytes, at most `length` and FINGERPRINT_BYTES, which distinguishes files of the same name.

    Raises OSError.
    """
    with path.open("rb") as file:
        return _mark(file, length)


def _mark(file: BinaryIO, length: int) -> bytes:
    position = file.tell()
    file.seek(0)
    beginning = file.read(min(length, FINGERPRINT_BYTES))
    file.seek(position)
    return blake2b(beginning, digest_size=16).digest()


def resume_at(path: Path, known: InputPosition | None) -> InputPosition:
    """The position where reading continues: the known one, or the start if there is none or the file is another one.

    A file is another one if it is shorter than what was read of it, or begins differently. Raises OSError.
    """
    name = str(path.resolve())
    size = path.stat().st_size
    if known is not None and size >= known.offset and fingerprint(path, known.offset) == known.fingerprint:
        return known
    return InputPosition(name, 0, 0, b"")


class _AtEnd(Enum):
    """What to do at the end of a file."""

    READ_ON = auto()
    TAKE = auto()
    """Nothing follows: the last line is as long as it will be."""
    LEAVE = auto()


class FileInput:
    """Lines of a file from a position on; with `follow` also those that are still to be written.

    A last line without a line break may be half an event that a program is about to write on. Such a half is taken as
    it is when the file has not changed for a minute; else it is left for the next run, which is said.
    """

    def __init__(
        self,
        path: Path,
        position: InputPosition,
        *,
        follow: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`now` is wall time, as in the time stamps of files."""
        self._path = path
        self._position = position
        self._follow = follow
        self._now = now

    def __call__(self, reader: InputReader) -> Iterable[Chunk]:
        """Chunks with their positions.

        A followed file that another takes the place of, as when a log is rotated, is read to its end first.
        """
        yield from self._lines(reader)
        while self._follow and not reader.stopping:
            self._position = InputPosition(self._position.name, 0, 0, b"")
            yield from self._lines(reader)

    def _lines(self, reader: InputReader) -> Iterator[Chunk]:
        name, offset, lines, _ = self._position
        known, mark = 0, b""
        splitter = LineSplitter()
        self._replaced = False
        with self._path.open("rb") as file:
            file.seek(offset)
            while not reader.stopping:
                block = file.read(CHUNK_BYTES)
                if block:
                    whole = splitter.feed(block)
                else:
                    match self._at_end(file, reader, splitter):
                        case _AtEnd.READ_ON:
                            continue
                        case _AtEnd.LEAVE:
                            return
                    whole = [splitter.take()]
                for start in range(0, len(whole), STORED_CHUNK_EVENTS):
                    part = whole[start : start + STORED_CHUNK_EVENTS]
                    offset += size_of_all(part) + len(part) - (not block)
                    lines += len(part)
                    mark = mark if known >= FINGERPRINT_BYTES else _mark(file, offset)
                    known = offset
                    position = InputPosition(name, offset, lines, mark)
                    yield Chunk([line for line in part if line and not line.isspace()], position)
                    if reader.stopping:
                        return
                if not block:
                    return

    def _at_end(self, file: BinaryIO, reader: InputReader, splitter: LineSplitter) -> _AtEnd:
        """What to do where there is nothing more to read now; `splitter` holds a last line without a line break."""
        if self._follow and not self._replaced:
            if reader.poll():
                return _AtEnd.LEAVE
            # Whatever was written until now is read before the other file is.
            self._replaced = self._is_replaced(file)
            return _AtEnd.READ_ON
        if not splitter.pending:
            return _AtEnd.LEAVE
        age = self._now() - os.fstat(file.fileno()).st_mtime
        if self._replaced or age >= FINAL_AFTER or not _is_half_an_event(splitter.peek()):
            return _AtEnd.TAKE
        for _ in range(POLLS):
            if reader.poll():
                break
            if os.fstat(file.fileno()).st_size > file.tell():
                return _AtEnd.READ_ON
        reader.left = (
            f"the last line of `{self._path}` ends in the middle of an event: its {splitter.pending:,} bytes are left"
            " for the next run; end the file with a line break if nothing is to follow"
        )
        return _AtEnd.LEAVE

    def _is_replaced(self, file: BinaryIO) -> bool:
        try:
            by_name = self._path.stat()
        except FileNotFoundError:
            return False
        opened = os.fstat(file.fileno())
        if (by_name.st_dev, by_name.st_ino) != (opened.st_dev, opened.st_ino):
            return True
        if by_name.st_size < file.tell():
            raise InputProblem(f"`{self._path}` became shorter while it was followed")
        return False


def _is_half_an_event(line: bytes) -> bool:
    """Whether more bytes could make the line an event; an object that is closed is one already."""
    start = line.removeprefix(BOM_UTF8).lstrip()
    if not start.startswith(b"{"):
        return not start or BOM_UTF8.startswith(line)
    try:
        read_event(line)
    except ValueError:
        return True
    return False
