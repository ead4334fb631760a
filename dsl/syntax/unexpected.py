"""What the parser met where it could not go on."""

from __future__ import annotations

from typing import NamedTuple


class Unexpected(NamedTuple):
    """Its place in the text, its terminal, and the terminals that the parser would have taken."""

    start: int
    end: int
    terminal: str
    """Empty for a character that begins no terminal here, `$END` for the end of the text."""
    accepted: frozenset[str]
