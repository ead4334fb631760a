"""Where the brackets, texts and comments of an item are, found in one pass for many questions."""

from __future__ import annotations

import re
from bisect import bisect_right

from ..lexis import BRACKET, OPAQUE

_PIECE = re.compile(f"{OPAQUE}|{BRACKET}")


class Outline:
    """The outline of a text; it holds after parts of the text are blanked out."""

    def __init__(self, text: str) -> None:
        self._quoted: list[tuple[int, int]] = []
        self._offsets: list[int] = []
        self._innermost: list[int | None] = []
        opened: list[int] = []
        for piece in _PIECE.finditer(text):
            if piece.lastgroup is None:
                self._quoted.append(piece.span())
                continue
            if piece["open"]:
                opened.append(piece.start())
            elif opened:
                opened.pop()
            self._offsets.append(piece.start())
            self._innermost.append(opened[-1] if opened else None)

    def is_quoted(self, offset: int) -> bool:
        """Whether an offset is inside quotes or a comment."""
        number = bisect_right(self._quoted, (offset, -1)) - 1
        return number >= 0 and offset < self._quoted[number][1] and self._quoted[number][0] < offset

    def bracket(self, offset: int) -> int | None:
        """The offset of the innermost bracket that is open before an offset; None where none is."""
        number = bisect_right(self._offsets, offset - 1) - 1
        return self._innermost[number] if number >= 0 else None
