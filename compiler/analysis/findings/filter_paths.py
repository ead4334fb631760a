"""Findings on the paths of `drop` and `keep`: a path that no event has removes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ....dsl.ast import EveryItem, FilterStep, KeyPattern
from ....dsl.diagnostics.diagnostic import Diagnostic, Fix
from ....dsl.source import Span
from ....dsl.syntax.paths import write_filter_path
from ....runtime.semantics.glob import matches
from ... import ir
from ..context import AnalysisContext
from ..event_schema import Place
from .paths import Known, inside, is_list, known, unknown

_ITEM = "0"
"""The step by which a schema knows the items of a list."""


def filter_path_findings(filter_: ir.Filter, world: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0201 and RW0214 of the paths that a filter takes out or keeps."""
    if world.schemas:
        word = "keep " if filter_.kind == "keep" else "drop "
        for steps, place in zip(filter_.paths, filter_.places, strict=True):
            yield from filter_step_findings(steps, place, world, word)


def filter_step_findings(
    steps: tuple[FilterStep, ...], span: Span, world: AnalysisContext, word: str = ""
) -> Iterator[Diagnostic]:
    """RW0201 and RW0214 of the first step that no event has; `word` is what the help writes before the path."""
    keys: tuple[str, ...] = ()
    for number, step in enumerate(steps):
        declared = known(world.schemas, keys)
        if not declared.places:
            return
        before = write_filter_path(steps[:number], rooted=False)
        if isinstance(step, KeyPattern):
            yield from _nothing_matches(step, declared, before, span)
            return
        if isinstance(step, EveryItem):
            if number and not any("list" in place.kinds for _, place in declared.places):
                help_ = f"write `{_without_items(steps, number)}`"
                yield Diagnostic(
                    "RW0201", f"`{before}` is not a list, so there are no items in it", span, help=(help_,)
                )
                return
            keys = (*keys, _ITEM)
            continue
        key = str(step)
        if is_list(declared) and not key.isdecimal():
            yield _through_list(word, steps, number, before, span)
            return
        if all(inside(place, key) is None for _, place in declared.places):
            yield from unknown(before, steps, number, declared, span, near=True)
            return
        keys = (*keys, key)


def _through_list(word: str, steps: tuple[FilterStep, ...], number: int, before: str, span: Span) -> Diagnostic:
    whole = write_filter_path((*steps[:number], EveryItem(), *steps[number:]), rooted=False)
    return Diagnostic(
        "RW0214",
        f"`{before}` is a list, so the path needs `[]` to go through its items",
        span,
        help=(f"write `{word}{whole}`",),
        fix=Fix(span, whole, f"write `{whole}`"),
    )


def _without_items(steps: tuple[FilterStep, ...], number: int) -> str:
    return write_filter_path((*steps[:number], *steps[number + 1 :]), rooted=False)


def _nothing_matches(step: KeyPattern, declared: Known, before: str, span: Span) -> Iterator[Diagnostic]:
    """Of an event itself and of closed objects all keys are known."""
    is_whole = not before or before == "$"
    if any(_has(place, step) for _, place in declared.places) or not (
        is_whole or len(declared.closed) == len(declared.places)
    ):
        return
    written = write_filter_path((step,), rooted=False)
    message = f"no part of an event matches `{written}`" if is_whole else f"no key of `{before}` matches `{written}`"
    keys = ", ".join(sorted({key for _, place in declared.places for key in place.keys}))
    yield Diagnostic("RW0201", message, span, help=(f"the keys are: {keys}",) if keys else ())


def _has(place: Place, step: KeyPattern) -> bool:
    return any(matches(step.glob, key) for key in place.keys)
