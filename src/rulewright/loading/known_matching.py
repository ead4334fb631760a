"""The compiled triggers of large rules, kept until an edit changes one of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from hashlib import sha256

from ..compiler.emit.source_map import LineSource, origin
from ..dsl.source import NOWHERE, Source, Span
from .cache import Matching
from .cache_files import CachedText
from .known_mappings import KnownMapping, KnownProgram
from .python_loader import ModuleCode
from .rule_files import RuleFiles


def key_of_matching(known: KnownProgram, title: str) -> str:
    """A hash of all filters, triggers and settings, which does not depend on where their text is."""
    assert known.checked.destination is not None
    parts = [title.encode("utf-8", "surrogatepass"), known.checked.destination.name.encode()]
    for item in known.items:
        if isinstance(item, Span):
            parts += b"item", item.text.encode("utf-8", "surrogatepass")
        elif item.known.enabled:
            parts += b"mapping", item.known.action.encode(), item.known.trigger
    digest = sha256()
    for part in parts:
        digest.update(b"%d:%b" % (len(part), part))
    return digest.hexdigest()


def matching_of(
    key: str,
    known: KnownProgram,
    files: RuleFiles,
    lines: Sequence[LineSource],
    codes: Sequence[ModuleCode],
    table: CachedText,
) -> Matching:
    """A module of matching to store, whose places in the rules are relative to items, because items move."""
    anchors = _anchors(known)
    starts: dict[Source, list[tuple[int, int]]] = {source: [] for source, _ in files.files}
    for number, anchor in enumerate(anchors):
        starts[anchor.source].append((anchor.start, number))
    spans = {id(line.span): line.span for line in lines if line.span not in (None, NOWHERE)}
    by_origin = {origin(span): span for span in spans.values() if span is not None}
    places = []
    for place in table[1]:
        span = by_origin[place]
        within = starts[span.source]
        number = within[bisect_right(within, (span.start, len(anchors))) - 1][1]
        first = anchors[number].start
        places.append((number, span.start - first, span.end - first))
    return Matching(key, table[0], tuple(codes), tuple(places), table[2])


def table_of_matching(matching: Matching, known: KnownProgram) -> CachedText:
    """The table of a stored module, with the current places in the rules."""
    anchors = _anchors(known)
    places = tuple(origin(anchors[number].within(start, end)) for number, start, end in matching.places)
    return matching.text, places, matching.lines, ()


def _anchors(known: KnownProgram) -> list[Span]:
    """The items that the module is made from, in their order."""
    return [
        item.span if isinstance(item, KnownMapping) else item
        for item in known.items
        if isinstance(item, Span) or item.known.enabled
    ]
