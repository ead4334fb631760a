"""Sources and spans: the text of a rule file, and a range of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

_NEAR = 1 << 16
"""A place before this offset is found without looking at all lines of a text."""


@dataclass(frozen=True, slots=False, eq=False)
class Source:
    """A text with a name, usually a rule file with its path; lines and columns count from 1, columns in characters."""

    name: str
    text: str = field(repr=False)
    offset: ClassVar[int] = 0

    @property
    def source(self) -> Source:
        """The source itself: a source is a place, at its own beginning."""
        return self

    @cached_property
    def line_starts(self) -> list[int]:
        """The offset at which each line begins."""
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset."""
        if offset < _NEAR:
            return self.text.count("\n", 0, offset) + 1, offset - self.text.rfind("\n", 0, offset)
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line, without its end."""
        return self.line_from(self.line_starts[number - 1])

    def line_from(self, start: int) -> str:
        """The text of the line that begins at an offset, without its end."""
        end = self.text.find("\n", start)
        return self.text[start : len(self.text) if end < 0 else end].rstrip("\r")


class Place:
    """The start of a part of a source. It moves when its text moves, so that nodes with spans from it stay valid."""

    __slots__ = ("offset", "source")

    def __init__(self, source: Source, offset: int) -> None:
        self.source = source
        self.offset = offset


class Span:
    """A stretch of a source, by offsets into its text; `end` is exclusive."""

    __slots__ = ("_end", "_place", "_start")

    def __init__(self, place: Source | Place, start: int, end: int) -> None:
        """Offsets count from the place, which a whole source is as well."""
        self._place = place
        self._start = start
        self._end = end

    @property
    def source(self) -> Source:
        return self._place.source

    @property
    def start(self) -> int:
        return self._place.offset + self._start

    @property
    def end(self) -> int:
        return self._place.offset + self._end

    @property
    def line(self) -> int:
        return self.source.position(self.start)[0]

    @property
    def column(self) -> int:
        return self.source.position(self.start)[1]

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def within(self, start: int, end: int) -> Span:
        """The part from `start` to `end`, counted from this span's own start."""
        return Span(self._place, self._start + start, self._start + end)

    def is_within(self, whole: Span) -> bool:
        """Whether this is a part of another span, or all of it."""
        return self.source is whole.source and whole.start <= self.start and self.end <= whole.end

    def to(self, last: Span) -> Span:
        """The span from the start of this one to the end of another one with the same place."""
        return Span(self._place, self._start, last._end)

    def __str__(self) -> str:
        line, column = self.source.position(self.start)
        return f"{self.source.name}:{line}:{column}"


NOWHERE = Span(Source("<nowhere>", ""), 0, 0)
"""The span of a node that no author wrote."""
