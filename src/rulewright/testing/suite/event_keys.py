"""Keys of the events of tests that no event has: what a test changes there, the rules never read."""

from __future__ import annotations

from collections.abc import Iterator

from ...checks.analysis_context import segment_spec
from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, suggest
from ...dsl.source import Span
from ...dsl.syntax.paths import steps


def event_key_findings(test: ast.Test) -> list[Diagnostic]:
    """RW0201 of the given event, where a key is close to one that events have, and of what its cases change."""
    known = list(segment_spec().root.keys)
    given: set[str] = set()
    findings: list[Diagnostic] = []
    for part in test.body:
        if isinstance(part, ast.Given) and part.event is not None:
            given |= {entry.key for entry in part.event.entries}
            findings += _unknown(part.event.entries, known, near=True)
        elif isinstance(part, ast.Case):
            entries = [entry for entry in part.changes.entries if _root(entry.key) not in given]
            findings += _unknown(entries, known, near=False)
    return findings


def _unknown(entries: tuple[ast.Entry, ...] | list[ast.Entry], known: list[str], *, near: bool) -> Iterator[Diagnostic]:
    for entry in entries:
        root = _root(entry.key)
        word = suggest(root, known)
        if root in known or (near and word is None):
            continue
        message = f"events have no `{root}`"
        help_ = f"did you mean `{word}`?"
        if word is None:
            help_ = f"what a source adds to an event is in `properties`: write `properties.{root}`"
        yield Diagnostic("RW0201", message, _key_span(entry), help=(help_,))


def _root(key: str) -> str:
    way = steps(f".{key}")
    return str(way[0]) if way else key


def _key_span(entry: ast.Entry) -> Span:
    """The key as it is written, quotes included."""
    written = entry.span.text
    end = written.find(":")
    return entry.span.within(0, len(written[:end].rstrip())) if end > 0 else entry.span
