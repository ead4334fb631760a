"""Offsets into a text, and positions of the protocol: lines from 0, and characters as UTF-16 counts them."""

from __future__ import annotations

from lsprotocol import types

from ..dsl.source import Source, Span


def position_of(source: Source, offset: int) -> types.Position:
    """The position of an offset."""
    line, column = source.position(offset)
    start = source.line_starts[line - 1]
    before = source.text[start : start + column - 1]
    return types.Position(line - 1, _units(before))


def range_of(source: Source, start: int, end: int) -> types.Range:
    """The range between two offsets."""
    return types.Range(position_of(source, start), position_of(source, end))


def range_of_span(span: Span) -> types.Range:
    """The range of a span in its own source."""
    return range_of(span.source, span.start, span.end)


def whole(source: Source) -> types.Range:
    """The range of the whole text."""
    return range_of(source, 0, len(source.text))


def offset_of(source: Source, position: types.Position) -> int:
    """The offset of a position; for one beyond the end of its line or of the text, this end."""
    if position.line >= len(source.line_starts):
        return len(source.text)
    start = source.line_starts[position.line]
    line = source.line(position.line + 1)
    units = 0
    for number, character in enumerate(line):
        if units >= position.character:
            return start + number
        units += _units(character)
    return start + len(line)


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)
