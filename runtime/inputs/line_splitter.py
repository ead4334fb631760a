"""Splits blocks of bytes into lines, in linear time and bounded memory."""

from __future__ import annotations

LINE_LIMIT = 64_000_000
"""Bytes of a line that are read; no built-in destination takes a request of more than 20 MB."""
KEPT_OF_OVERLONG = 1_000_000


class Overlong(bytes):
    """The beginning of a line that is longer than the limit; the rest of it is passed over."""

    size: int
    """Bytes of the whole line."""


class LineSplitter:
    """Joins lines from blocks; `pending` is the text after the last line break."""

    def __init__(self, limit: int = LINE_LIMIT) -> None:
        self._limit = limit
        self._pieces: list[bytes] = []
        self._kept = 0
        self.pending = 0
        """Bytes since the last line break."""

    def feed(self, block: bytes) -> list[bytes]:
        """The lines that end in this block, without line breaks."""
        first, *rest = block.split(b"\n")
        self._add(first)
        if not rest:
            return []
        lines = [self.take()]
        last = rest.pop()
        lines += rest
        self._add(last)
        return lines

    def peek(self) -> bytes:
        """The text since the last line break, or its beginning if it is too long."""
        self._pieces = [b"".join(self._pieces)]
        return self._pieces[0]

    def take(self) -> bytes:
        """The text since the last line break, as a line; nothing is pending after it."""
        line = self.peek()
        if self.pending > self._limit:
            overlong = Overlong(line[:KEPT_OF_OVERLONG])
            overlong.size = self.pending
            line = overlong
        self._pieces, self._kept, self.pending = [], 0, 0
        return line

    def _add(self, piece: bytes) -> None:
        self.pending += len(piece)
        if self.pending > self._limit:
            # Too long: keep the beginning, so that memory does not grow with the line.
            piece = piece[: max(0, KEPT_OF_OVERLONG - self._kept)]
        if piece:
            self._pieces.append(piece)
            self._kept += len(piece)


def size_of(line: bytes) -> int:
    """The bytes of the line in its input, without the line break."""
    return line.size if isinstance(line, Overlong) else len(line)


def size_of_all(lines: list[bytes]) -> int:
    """The bytes of the lines in their input, without the line breaks: faster than to ask for each."""
    return sum(map(len, lines)) + sum(line.size - len(line) for line in lines if isinstance(line, Overlong))
