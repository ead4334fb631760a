"""The source map of a module: from its lines, and from the fields of its mappings, to the rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from ...dsl.source import NOWHERE, Span

RuleLocation = tuple[str, int, int, int, str]
"""File, line, column, end column and the line's text of a place in the rules."""
SourceTable = tuple[tuple[RuleLocation, ...], tuple[tuple[int, int, str | None], ...], tuple[dict[str, int], ...]]
"""A `SourceMap` of the runtime, as plain data."""


class LineSource(NamedTuple):
    """What a line of a module came from: the rule text, and the path of the field that it sets."""

    span: Span | None
    field: str | None


def table_of(lines: Sequence[LineSource], fields: Sequence[Mapping[str, Span]]) -> SourceTable:
    """The source map of a module.

    It has the distinct places in the rules; runs of lines, each as its first line, the index of its place (-1 for none)
    and its field; and by mapping, the index of the place of each field.
    """
    numbers: dict[RuleLocation, int] = {}

    def number_of(span: Span | None) -> int:
        return -1 if span is None or span is NOWHERE else numbers.setdefault(origin(span), len(numbers))

    starts: list[tuple[int, int, str | None]] = []
    # The lines of a rule are adjacent, so each place is looked up once.
    for _, together in groupby(enumerate(lines, 1), key=lambda numbered: (id(numbered[1].span), numbered[1].field)):
        line, source = next(together)
        number = number_of(source.span)
        if not starts or starts[-1][1:] != (number, source.field):
            starts.append((line, number, source.field))
    by_field = tuple({path: number_of(span) for path, span in spans.items()} for spans in fields)
    return tuple(numbers), tuple(starts), by_field


def origin(span: Span) -> RuleLocation:
    """File, line, column, end column and the line's text of a span."""
    line, column = span.source.position(span.start)
    text = span.source.line_from(span.start - column + 1)
    return span.source.name, line, column, min(column + span.end - span.start, len(text) + 1), text
