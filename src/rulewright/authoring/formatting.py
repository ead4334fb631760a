"""Formats the items in a range of a text."""

from __future__ import annotations

from typing import NamedTuple

from ..dsl import ast
from ..dsl.format.formatter import format_file
from ..dsl.source import Source


class Replacement(NamedTuple):
    """A new text for the part between two offsets."""

    start: int
    end: int
    text: str


def formatted(source: Source) -> Replacement | None:
    """A whole file in canonical form; None if it has errors, or if nothing changes."""
    return _formatted(source, 0, len(source.text))


def formatted_range(source: Source, tree: ast.File, start: int, end: int) -> Replacement | None:
    """The items that a range touches, in canonical form; errors in other items do not matter."""
    touched = [item.span for item in tree.items if item.span.start <= end and item.span.end >= start]
    return _formatted(source, touched[0].start, touched[-1].end) if touched else None


def _formatted(source: Source, start: int, end: int) -> Replacement | None:
    before = source.text[start:end]
    text, errors = format_file(Source(source.name, before))
    if end < len(source.text):
        text = text.rstrip("\n")
    return None if errors or text == before else Replacement(start, end, text)
