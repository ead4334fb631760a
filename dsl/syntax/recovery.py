"""Recovers from a syntax error by repairing or blanking out the wrong part, so that one run shows all errors."""

from __future__ import annotations

import re

from ..diagnostics.common_mistakes import foreign_at, without_foreign
from ..lexis import ASSIGN, BRACKET, LIKE_NAME, OPAQUE
from .messages import PAIRS, ends_before, foreign_arrow
from .outline import Outline
from .unexpected import Unexpected, begins_line, open_bracket, word_at

# Compiled where a mistake is met: most starts meet none.
_PIECE = (
    rf"{OPAQUE}|{BRACKET}"
    rf"|(?m:^)[ \t]*(?P<start>(?:when|use|on|given|expect|case|for\s+any)\b|\$?{LIKE_NAME}\s*{ASSIGN}"
    # What only looks like a statement ends the one before as well.
    r"|(?!(?:and|or|in)\b)[^\W\d][\w-]*(?:[ \t]*:|[ \t]+(?!(?:and|or|in)\b)(?=[\w\"'{])))"
)


def recover(text: str, unexpected: Unexpected) -> str | None:
    """The text of an item without the error, all other offsets unchanged; None if the error cannot be removed."""
    if unexpected.terminal == "$END":
        return _closed(text)
    at = unexpected.start
    arrow = foreign_arrow(text, unexpected)
    if arrow is not None:
        return f"{text[:at]}{'->':{len(arrow)}}{text[at + max(2, len(arrow)) :]}"
    known = foreign_at(text, word_at(text, unexpected)[0])
    mended = without_foreign(text, *known) if known else None
    if mended is not None:
        return mended
    nothing_to_close = unexpected.accepted == {"$END"} and text[at] in PAIRS.values()
    if nothing_to_close or (text[at] == "," and "_WHEN" in unexpected.accepted):
        return _blank(text, at, unexpected.end)
    return without_statement(text, at)


def _closed(text: str) -> str | None:
    """All that is open closed at the end."""
    closers = ""
    outline = Outline(text)
    at = outline.bracket(len(text))
    while at is not None:
        closers += PAIRS[text[at]]
        at = outline.bracket(at)
    # A comment at the end would take the closers in.
    return f"{text}\n{closers}" if closers else None


def without_statement(text: str, error: int) -> str | None:
    """The text with the statement of the error blanked out; None if the error is outside of all statements."""
    bracket = open_bracket(text, error)
    if bracket is not None and ends_before(text, bracket, error):
        start = last_statement(text, bracket)
        return None if start is None else _blank(text, start, error)
    start = error if begins_line(text, error) and text[error] not in PAIRS.values() else last_statement(text, error)
    if start is None:
        return None
    ends = [at for at in _boundaries(text) if at > start and at >= error]
    return _blank(text, start, ends[0]) if ends else None


def last_statement(text: str, offset: int) -> int | None:
    """The start of the last statement that begins at or before an offset; None if none does."""
    starts = [at for at in statement_starts(text) if at <= offset]
    return starts[-1] if starts else None


def statement_starts(text: str) -> list[int]:
    """The starts of the statements of an item, in order."""
    return [at for at in _boundaries(text) if text[at] != "}"]


def _boundaries(text: str) -> list[int]:
    """Where statements begin, and where the body that holds them ends."""
    spans = []
    depth = 0
    for piece in re.compile(_PIECE).finditer(text):
        if piece["open"]:
            depth += 1
        elif piece["close"]:
            depth = max(0, depth - 1)
            if depth == 0:
                spans.append(piece.start())
        elif piece["start"] and depth == 1:
            spans.append(piece.start("start"))
    return spans


def blank(text: str, start: int, end: int) -> str:
    """The text with blanks from `start` to `end`; line ends are kept."""
    return text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]


def _blank(text: str, start: int, end: int) -> str | None:
    """The same, or None where nothing changes."""
    blanked = blank(text, start, end)
    return None if blanked == text else blanked
