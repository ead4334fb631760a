"""The placeholders of a text, `{{ expression }}`: where they are, and what is written in them."""

from __future__ import annotations

import re
from typing import NamedTuple

from ...lexis import ESCAPED, STRING

_OPENING = re.compile(rf"{ESCAPED}|(\{{\{{\{{?)")
# Texts in a placeholder have quotes, or quotes with a backslash where the text around the placeholder has the same.
_PIECE = re.compile(
    r"(?P<escaped>\\\"(?:[^\\]|\\[^\"])*?\\\"|\\'(?:[^\\]|\\[^'])*?\\')"
    rf"|(?P<plain>{STRING})|(?P<other>{ESCAPED})|(?P<open>\{{)|(?P<close>\}})"
)


class Placeholder(NamedTuple):
    """A placeholder, as offsets into its text; both ends are -1 if it is not closed."""

    start: int
    end: int
    inside: int
    inside_end: int


def placeholders(text: str) -> list[Placeholder]:
    """The placeholders of a text, in order; only the last one can be without an end.

    `{{{ x }}}` is a placeholder as well, and means the same, as in Segment's templates.
    """
    placeholders: list[Placeholder] = []
    at = 0
    while (start := _next_placeholder(text, at)) >= 0:
        width = 3 if text.startswith("{{{", start) else 2
        inside = start + width
        end = _placeholder_end(text, inside, "}" * width)
        if end < 0:
            placeholders.append(Placeholder(start, -1, inside, -1))
            return placeholders
        placeholders.append(Placeholder(start, end + width, inside, end))
        at = end + width
    return placeholders


def placeholder_text(inside: str) -> str:
    """The expression in a placeholder, each character at its place: quotes with a backslash become plain ones."""
    if "\\" not in inside:
        return inside
    return _PIECE.sub(_plain, inside)


def has_comment(inside: str) -> bool:
    """Whether a placeholder has a `#` outside its texts, which would comment out the rest of the placeholder."""
    return "#" in _PIECE.sub("", inside)


def _plain(match: re.Match[str]) -> str:
    written = match["escaped"]
    return f" {written[1:-2]}{written[-1]} " if written else match[0]


def _next_placeholder(text: str, at: int) -> int:
    for match in _OPENING.finditer(text, at):
        if match[1]:
            return match.start()
    return -1


def _placeholder_end(text: str, at: int, closing: str) -> int:
    """Where a placeholder closes: the first closing braces outside of quotes and of the braces of objects."""
    depth = 0
    for match in _PIECE.finditer(text, at):
        if match["open"]:
            depth += 1
        elif match["close"]:
            if depth == 0:
                if text.startswith(closing, match.start()):
                    return match.start()
            else:
                depth -= 1
    return -1
