"""Finds keys and types in the events of tests that no event has, so that the rules never read them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ...checks.analysis_context import segment_spec
from ...compiler.analysis.context import AnalysisContext
from ...compiler.analysis.findings.paths import known
from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, Fix, suggest
from ...dsl.source import Span
from ...dsl.syntax.paths import steps, write_steps
from ...dsl.syntax.strings import quote

_ITEM = "0"
"""The step by which a schema knows the items of a list."""


def event_key_findings(test: ast.Test, context: AnalysisContext) -> list[Diagnostic]:
    """RW0201 and RW0412 of the given event, where something is close to what events have, and of its cases' changes."""
    roots = list(segment_spec().root.keys)
    given: set[str] = set()
    findings: list[Diagnostic] = []
    for part in test.body:
        if isinstance(part, ast.Given) and part.event is not None:
            given |= {entry.key for entry in part.event.entries}
            findings += _unknown(part.event.entries, roots, near=True)
            findings += _misspelled(part.event.entries, (), context)
        elif isinstance(part, ast.Case):
            entries = [entry for entry in part.changes.entries if _root(entry.key) not in given]
            findings += _unknown(entries, roots, near=False)
            findings += _misspelled(part.changes.entries, (), context)
    return findings


def _unknown(entries: Sequence[ast.Entry], known_roots: list[str], *, near: bool) -> Iterator[Diagnostic]:
    for entry in entries:
        root = _root(entry.key)
        word = suggest(root, known_roots)
        if root in known_roots or (near and word is None):
            continue
        message = f"events have no `{root}`"
        help_ = f"did you mean `{word}`?"
        if word is None:
            help_ = f"what a source adds to an event is in `properties`: write `properties.{root}`"
        yield Diagnostic("RW0201", message, _key_span(entry), help=(help_,))


def _misspelled(entries: Sequence[ast.Entry], path: tuple[str, ...], context: AnalysisContext) -> Iterator[Diagnostic]:
    """What is close to a key inside an event, and to a type; a case writes the way to a key with dots."""
    for entry in entries:
        key_path = (*path, *(map(str, _steps(entry.key)) if not path else (entry.key,)))
        if key_path == ("type",):
            yield from _type(entry, context)
        for end in range(max(1, len(path)), len(key_path)):
            yield from _key(entry, key_path[: end + 1], context)
        yield from _inside(entry.value, key_path, context)


def _inside(value: ast.Expression, path: tuple[str, ...], context: AnalysisContext) -> Iterator[Diagnostic]:
    if isinstance(value, ast.Object):
        yield from _misspelled(value.entries, path, context)
    elif isinstance(value, ast.List):
        for item in value.items:
            yield from _inside(item, (*path, _ITEM), context)


def _key(entry: ast.Entry, path: tuple[str, ...], context: AnalysisContext) -> Iterator[Diagnostic]:
    before, key = path[:-1], path[-1]
    declared = known(context.schemas, before)
    keys = sorted({name for _, place in declared.places for name in place.keys})
    word = suggest(key, keys)
    is_known = any(place.inside(key) is not None for _, place in declared.places)
    # Where a source may add any key, another order of the letters is no key of its own.
    if is_known or word is None or (declared.open and sorted(word.lower()) != sorted(key.lower())):
        return
    shown = write_steps(tuple(int(step) if step.isdecimal() else step for step in before)).removeprefix(".")
    message = f"`{shown}` has no `{key}` in {declared.places[0][0].title}"
    yield Diagnostic("RW0201", message, _key_span(entry), help=(f"did you mean `{word}`?",))


def _type(entry: ast.Entry, context: AnalysisContext) -> Iterator[Diagnostic]:
    value = entry.value
    if not isinstance(value, ast.Literal) or not isinstance(value.value, str) or value.value in context.types:
        return
    word = suggest(value.value, context.types)
    if word is not None:
        message = f"no event has `{value.span.text}` as its `type`, by the Segment spec"
        fix = Fix(value.span, quote(word), f"write `{quote(word)}`")
        yield Diagnostic("RW0412", message, value.span, help=(f"did you mean `{quote(word)}`?",), fix=fix)


def _root(key: str) -> str:
    return str(_steps(key)[0])


def _steps(key: str) -> tuple[ast.Step, ...]:
    return tuple(steps(f".{key}")) or (key,)


def _key_span(entry: ast.Entry) -> Span:
    """The key as it is written, quotes included."""
    written = entry.span.text
    end = written.find(":")
    return entry.span.within(0, len(written[:end].rstrip())) if end > 0 else entry.span
