"""Fixes: which of them can be applied together, and the text that results."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from itertools import pairwise
from operator import itemgetter

from ..source import Source
from .diagnostic import Diagnostic, Fix


def fixes_by_source(diagnostics: Iterable[Diagnostic]) -> dict[Source, list[tuple[Diagnostic, Fix]]]:
    """The fixes of each source that can be applied together, by their place; of two that touch, the first is kept.

    A file that is included twice has two sources; the first one represents both.
    """
    chosen: dict[str, list[tuple[Diagnostic, Fix]]] = {}
    with_fix = [(fixable, fixable.fix) for fixable in diagnostics if fixable.fix is not None]
    for diagnostic, fix in sorted(with_fix, key=lambda pair: (pair[1].span.start, pair[1].span.end)):
        before = chosen.setdefault(fix.span.source.name, [])
        if not before or (before[-1][1].span.end <= fix.span.start and before[-1][1].span.start < fix.span.start):
            before.append((diagnostic, fix))
    return {fixes[0][1].span.source: fixes for fixes in chosen.values()}


def apply(text: str, fixes: Iterable[Fix]) -> str:
    """The text with all fixes applied. Raises ValueError if two fixes overlap.

    The spans of fixes are offsets into the text of a source, in which every line end is `\\n`; line ends of the text
    that are `\\r\\n` are kept.
    """
    returns = _returns(text)
    ordered = sorted(fixes, key=lambda fix: fix.span.start)
    for first, second in pairwise(ordered):
        if second.span.start < first.span.end:
            raise ValueError("two fixes change the same text")
    return edited(
        text,
        ((_place(fix.span.start, returns), _place(fix.span.end, returns), fix.replacement) for fix in ordered),
    )


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """The text after edits, each a start, an end and a new text; they are in any order and do not overlap."""
    parts: list[str] = []
    done = 0
    for start, end, replacement in sorted(edits, key=itemgetter(0)):
        parts += (text[done:start], replacement)
        done = end
    return "".join((*parts, text[done:]))


def _returns(text: str) -> list[int]:
    """Where a source has one `\\n` for the two characters of the text, by offsets into the source."""
    indexes: list[int] = []
    place = text.find("\r\n")
    while place >= 0:
        indexes.append(place - len(indexes))
        place = text.find("\r\n", place + 2)
    return indexes


def _place(offset: int, returns: list[int]) -> int:
    return offset + bisect_left(returns, offset)
