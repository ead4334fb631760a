"""Patterns of whole texts: `*`, `?`, `[abc]`, `[a-z]`, `[^a]`, and `\\x` for x itself.

Source: `Match` of Go's package `path`; but `*` and `?` match a slash too. A malformed pattern matches no text, and
neither does one that is too long.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

MAX_PATTERN = 1000
"""The most characters of a pattern. It may come from an event, the time of a match grows with its length, and its
compiled form is kept."""

CharacterRange: TypeAlias = tuple[int, int]
"""Code points from the first to the last."""
Characters: TypeAlias = tuple[CharacterRange, ...]
"""One character of any of these ranges."""

LAST = 0x10FFFF
ANY_CHARACTER: Characters = ((0, LAST),)


class AnyText:
    """`*` in a pattern: any run of characters."""


STAR: Final = AnyText()

_CHARACTER = r"(?:\\.|[^\\\]\-])"
_ITEM = rf"{_CHARACTER}(?:-{_CHARACTER})?+"
_PIECE = re.compile(
    rf"(?P<star>\*)|(?P<any>\?)|\[(?P<negated>\^?+)(?P<items>(?:{_ITEM})++)\]|\\(?P<escaped>.)|(?P<plain>[^*?\\\[])",
    re.DOTALL,
)
"""One piece of a pattern; where none begins, the pattern is malformed."""
_RANGE = re.compile(_ITEM, re.DOTALL)
_NEVER, _ANY = "(?!)", "."


def matches(pattern: str, text: str) -> bool:
    """Whether a whole text fits a pattern."""
    return len(pattern) <= MAX_PATTERN and compiled(pattern).match(text) is not None


def read_pattern(pattern: str) -> tuple[Characters | AnyText, ...] | None:
    """The pieces of a pattern; None if it is malformed or too long."""
    if len(pattern) > MAX_PATTERN or well_formed_length(pattern) < len(pattern):
        return None
    return tuple(_piece(piece) for piece in _PIECE.finditer(pattern))


def well_formed_length(pattern: str) -> int:
    """The offset at which a pattern stops being well-formed; its length if it is well-formed."""
    at = 0
    while (piece := _PIECE.match(pattern, at)) is not None:
        at = piece.end()
    return at


def literally(text: str) -> tuple[Characters, ...]:
    """The pieces that match a text literally."""
    return tuple(((ord(character), ord(character)),) for character in text)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression that takes time in proportion to the text, whatever the pattern.

    What stands between two `*` has a fixed length, so the first place where it fits is always good enough: each is
    an atomic group, and nothing that was found is ever looked for again.
    """
    pieces = read_pattern(pattern)
    if pieces is None:
        return re.compile(_NEVER)
    runs = [""]
    for piece in pieces:
        if isinstance(piece, AnyText):
            runs.append("")
        else:
            runs[-1] += _expression(piece)
    first, *others = runs
    if not others:
        return re.compile(rf"(?s:{first}\Z)")
    *inner, last = others
    middle = "".join(f"(?>.*?{run})" for run in inner if run)
    return re.compile(rf"(?s:{first}{middle}.*{last}\Z)")


def _piece(piece: re.Match[str]) -> Characters | AnyText:
    if piece["star"]:
        return STAR
    if piece["any"]:
        return ANY_CHARACTER
    if not piece["items"]:
        return literally(piece["escaped"] or piece["plain"])[0]
    items = [(ord(item[item.startswith("\\")]), ord(item[-1])) for item in _RANGE.findall(piece["items"])]
    ranges = sorted((low, high) for low, high in items if low <= high)
    return _others(ranges) if piece["negated"] else tuple(ranges)


def _others(ranges: list[CharacterRange]) -> Characters:
    """All characters but those of some ranges, which are sorted."""
    left: list[CharacterRange] = []
    at = 0
    for low, high in ranges:
        if low > at:
            left.append((at, low - 1))
        at = max(at, high + 1)
    if at <= LAST:
        left.append((at, LAST))
    return tuple(left)


def _expression(characters: Characters) -> str:
    """The regular expression of one character."""
    if not characters:
        return _NEVER
    if characters == ANY_CHARACTER:
        return _ANY
    if len(characters) == 1 and characters[0][0] == characters[0][1]:
        return re.escape(chr(characters[0][0]))
    return f"[{''.join(f'{re.escape(chr(low))}-{re.escape(chr(high))}' for low, high in characters)}]"
