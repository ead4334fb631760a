"""Lines of a pipe, as they come."""

from __future__ import annotations

import os
import selectors
from collections.abc import Iterable

from ...inputs.line_splitter import LineSplitter
from .reader import POLL_SECONDS, Chunk, Reader

PIPE_BYTES = 65_536


class PipeInput:
    """Lines of a pipe, as they come. It cannot be asked again for what was read."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __call__(self, reader: Reader) -> Iterable[Chunk]:
        """Chunks as large as what one read of the pipe gives.

        A stop comes between two reads, never between a read and what it gave. A line cut off by a stop is given out
        as it is, so that it ends as a dead letter and not nowhere.
        """
        splitter = LineSplitter()
        with selectors.SelectSelector() as selector:
            selector.register(self._descriptor, selectors.EVENT_READ)
            while not reader.stopping:
                if not selector.select(POLL_SECONDS):
                    continue
                block = os.read(self._descriptor, PIPE_BYTES)
                if not block:
                    break
                lines = splitter.feed(block)
                if lines:
                    yield Chunk([line for line in lines if line and not line.isspace()], None)
        rest = splitter.take()
        if rest and not rest.isspace():
            yield Chunk([rest], None)
