"""Events of a pipe, as they arrive."""

from __future__ import annotations

import io
import os
import selectors
from collections.abc import Iterable
from contextlib import nullcontext
from typing import BinaryIO, cast

from ...inputs.event_source import open_events
from ...inputs.locations import STANDARD_INPUT, Location
from ...inputs.problem import InputRefused
from .reader import POLL_SECONDS, Chunk, InputReader

PIPE_BYTES = 65_536


class PipeInput:
    """Events of a pipe, as they arrive. They can be read only once."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __call__(self, reader: InputReader) -> Iterable[Chunk]:
        """Chunks as large as what one read of the pipe gives.

        A stop comes between two reads, never between a read and its events. A line cut off by a stop is given as it is,
        and becomes a dead letter.
        """
        with selectors.SelectSelector() as selector:
            selector.register(self._descriptor, selectors.EVENT_READ)
            pipe = cast(BinaryIO, _Pipe(self._descriptor, selector, reader))
            try:
                with open_events(Location(STANDARD_INPUT, lambda: nullcontext(pipe)), any_text=True) as source:
                    for piece in source.pieces():
                        yield Chunk([event for event in piece.events if event and not event.isspace()], None)
            except InputRefused:
                # An archive or an array that is cut off by a stop does not end.
                if not reader.stopping:
                    raise
                reader.left = "standard input was stopped within a value, whose beginning is lost"


class _Pipe(io.RawIOBase):
    """Reads a pipe until a stop, which looks like its end."""

    def __init__(self, descriptor: int, selector: selectors.BaseSelector, reader: InputReader) -> None:
        self._descriptor = descriptor
        self._selector = selector
        self._reader = reader

    def readable(self) -> bool:
        return True

    def read(self, size: int = PIPE_BYTES, /) -> bytes:
        while not self._reader.stopping:
            if self._selector.select(POLL_SECONDS):
                return os.read(self._descriptor, min(size, PIPE_BYTES))
        return b""
