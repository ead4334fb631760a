"""Aligns text in columns for a terminal: cut, padded, and without characters that could move the cursor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..dsl.render.text import columns
from ..printable import printable

Paint = Callable[[str, str], str]
"""Takes a text and a style (good, bad, warning, quiet, strong, place, help) and gives the text to show."""


def cut(text: str, width: int) -> str:
    """At most `width` columns of a text, an ellipsis where it was longer."""
    if columns(text) <= width:
        return text
    while text and columns(text) > width - 1:
        text = text[:-1]
    return f"{text}…"


def aligned(
    rows: Sequence[Sequence[str]], styles: Sequence[str], widest: Sequence[int], paint: Paint, indent: str = "  "
) -> list[str]:
    """Rows as lines, each column as wide as its widest text up to a limit; what is longer pushes the rest aside."""
    rows = [[printable(text) for text in row] for row in rows]
    widths = [
        max((columns(row[index]) for row in rows if columns(row[index]) <= most), default=0)
        for index, most in enumerate(widest)
    ]
    lines = []
    for row in rows:
        last = max((index for index, text in enumerate(row) if text), default=-1)
        line = indent
        for index, text in enumerate(row[: last + 1]):
            painted = paint(text, styles[index]) if styles[index] and text else text
            gap = max(0, widths[index] - columns(text)) + 2 if index < last else 0
            line += painted + " " * gap
        lines.append(line)
    return lines
