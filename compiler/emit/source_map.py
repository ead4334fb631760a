"""From the lines of a module back to the rules that they were made from."""

from __future__ import annotations

from itertools import groupby

from ...dsl.source import NOWHERE, Span

Place = tuple[str, int, int, int, str]
"""File, line, column, end column and the line's text of a place in the rules."""


def table_of(spans: list[Span | None]) -> tuple[tuple[Place, ...], tuple[tuple[int, int], ...]]:
    """The distinct places in the rules, and from which line of the module on each holds, by its number; -1 for none."""
    numbers: dict[Place, int] = {}
    lines: list[tuple[int, int]] = []
    # Lines that a rule became stand together, so each place is looked up but once.
    for _, together in groupby(enumerate(spans, 1), key=lambda numbered: id(numbered[1])):
        line, span = next(together)
        if span is None or span is NOWHERE:
            number = -1
        else:
            number = numbers.setdefault(origin(span), len(numbers))
        if not lines or lines[-1][1] != number:
            lines.append((line, number))
    return tuple(numbers), tuple(lines)


def origin(span: Span) -> Place:
    """File, line, column, end column and the line's text of a span."""
    line, column = span.source.position(span.start)
    text = span.source.line(line)
    return span.source.name, line, column, min(column + span.end - span.start, len(text) + 1), text
