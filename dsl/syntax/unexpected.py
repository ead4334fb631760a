"""Text that the grammar does not accept: where the parser stopped, and what is around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from .outline import Outline

WORD = re.compile(r"[^\W\d][\w-]*")
_WORD_BEFORE = re.compile(r"[^\W\d][\w-]*\Z")


class Unexpected(NamedTuple):
    """Text that the parser did not accept: its place, its terminal, and the terminals that were expected."""

    start: int
    end: int
    terminal: str
    """Empty for a character that begins no terminal here, `$END` for the end of the text."""
    accepted: frozenset[str]


@dataclass(frozen=True, slots=True)
class Context:
    """Unexpected text in its surroundings: the whole word, if the parser saw a part of it."""

    text: str
    unexpected: Unexpected
    start: int
    end: int

    @classmethod
    def of(cls, text: str, unexpected: Unexpected) -> Context:
        return cls(text, unexpected, *word_at(text, unexpected))

    @property
    def accepted(self) -> frozenset[str]:
        return self.unexpected.accepted

    @property
    def word(self) -> str:
        """The unexpected word."""
        return self.text[self.start : self.end]

    @property
    def shown(self) -> str:
        """The unexpected word as messages show it."""
        word = self.word
        return word if word.isprintable() and len(word) <= 40 else ascii(word[:40])[1:-1]

    @property
    def bracket(self) -> str:
        """The innermost bracket that is open before it; empty if none is."""
        offset = open_bracket(self.text, self.unexpected.start)
        return "" if offset is None else self.text[offset]


def word_at(text: str, unexpected: Unexpected) -> tuple[int, int]:
    """The start and the end of the unexpected word, of which the parser may have seen only a part."""
    start, end = unexpected.start, unexpected.end
    before = _WORD_BEFORE.search(text, max(0, start - 40), start)
    if before and WORD.match(text, start):
        start = before.start()
    word = WORD.match(text, start)
    if word is None:
        return start, end
    # A field is one token with its value; only its name was not expected.
    is_part = unexpected.terminal == "" or re.match(r"\s*[=:]", text[word.end() : end])
    return start, word.end() if is_part else end


def open_bracket(text: str, end: int) -> int | None:
    """The offset of the innermost bracket that is open at an offset; None if none is."""
    return Outline(text).bracket(end)


def begins_line(text: str, offset: int) -> bool:
    """Whether only blanks precede an offset on its line."""
    return not text[text.rfind("\n", 0, offset) + 1 : offset].strip()
