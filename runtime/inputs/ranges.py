"""Divides an input among processes: into ranges of a plain file, which each process reads itself, or into events."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from .line_splitter import LineSplitter
from .problem import InputRefused

RANGE_BYTES = 1 << 20
"""Of a file that one process maps at a time."""
BLOCK_BYTES = 1 << 18
"""Of a range that are read at once."""


class LineRange(NamedTuple):
    """Whole lines of a plain file."""

    first: int
    """The number of the first line."""
    path: Path
    inode: int
    start: int
    end: int

    def lines(self) -> Iterator[bytes]:
        """The lines. Raises InputRefused if the file was replaced since it was divided."""
        splitter, left = LineSplitter(), self.end - self.start
        with self.path.open("rb", buffering=0) as file:
            if os.fstat(file.fileno()).st_ino != self.inode:
                raise InputRefused(f"`{self.path}` was replaced while it was read")
            file.seek(self.start)
            while left and (block := file.read(min(left, BLOCK_BYTES))):
                left -= len(block)
                yield from splitter.feed(block)
        if splitter.pending:
            yield splitter.take()


class Block(NamedTuple):
    """Events that were read already."""

    first: int
    """The number of the first event."""
    events: list[bytes]

    def lines(self) -> Iterable[bytes]:
        """The events."""
        return self.events


def ranges_of(path: Path, first: int) -> Iterator[tuple[LineRange, int]]:
    """A plain file in ranges of whole lines, each with its count of lines; `first` is the number of the first line."""
    with path.open("rb", buffering=0) as file:
        inode, at, start = os.fstat(file.fileno()).st_ino, 0, 0
        for block in iter(lambda: file.read(RANGE_BYTES), b""):
            cut = block.rfind(b"\n") + 1
            if cut:
                lines = len(block) - len(block.replace(b"\n", b""))  # five times as fast as `count`
                yield LineRange(first, path, inode, start, at + cut), lines
                first, start = first + lines, at + cut
            at += len(block)
        if start < at:
            yield LineRange(first, path, inode, start, at), 1
