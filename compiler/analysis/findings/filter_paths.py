"""Findings on the paths of `drop` and `keep`: a path that no event has removes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from ....dsl.ast import EveryItem, FilterStep, KeyPattern
from ....dsl.diagnostics.diagnostic import Diagnostic, Fix, suggest
from ....dsl.source import Span
from ....dsl.syntax.paths import write_filter_path
from ....runtime.semantics.glob import matches
from ... import ir
from ..context import AnalysisContext
from ..event_schema import EventSchema
from ..schema_node import SchemaNode
from .paths import KnownBelow, below, keys_of_parts, known, known_at, unknown

_ITEM = "0"
"""The step by which a schema knows the items of a list."""
_SHORTEST = 4
"""Letters of a pattern that can be misspelled: a shorter one, such as `*ip*`, is close to many keys."""


def filter_path_findings(filter_: ir.Filter, context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0201 and RW0214 of the paths that a filter takes out or keeps."""
    if context.schemas:
        word = "keep " if filter_.kind == "keep" else "drop "
        for steps, place in zip(filter_.paths, filter_.places, strict=True):
            yield from filter_step_findings(steps, place, context, word)


def filter_step_findings(
    steps: tuple[FilterStep, ...], span: Span, context: AnalysisContext, word: str = ""
) -> Iterator[Diagnostic]:
    """RW0201 and RW0214 of the first step that no event has; `word` is what the help writes before the path."""
    declared, by_pattern = known(context.schemas, ()), False
    for number, step in enumerate(steps):
        if not declared.places:
            return
        before = write_filter_path(steps[:number], rooted=False)
        if declared.only_lists and not isinstance(step, EveryItem) and not str(step).isdecimal():
            yield _through_list(word, steps, number, before, span)
            return
        if isinstance(step, KeyPattern):
            matched = _matched(declared, step)
            if not matched:
                yield from _nothing_matches(step, declared, before, span)
                return
            declared, by_pattern = known_at(matched), True
            continue
        if isinstance(step, EveryItem):
            if number and not by_pattern and not any("list" in place.kinds for _, place in declared.places):
                help_ = f"write `{_without_items(steps, number)}`"
                yield Diagnostic("RW0201", f"`{before}` is not a list, so it has no items", span, help=(help_,))
                return
            declared = below(declared, _ITEM)
            continue
        if all(place.inside(str(step)) is None for _, place in declared.places):
            # A pattern may also match keys that no schema names: only a key that is close to a known one is a mistake.
            sure = declared._replace(closed=[], scalar=[]) if by_pattern else declared
            yield from unknown(before, steps, number, sure, span, near=True)
            return
        declared = below(declared, str(step))


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


def _matched(declared: KnownBelow, step: KeyPattern) -> list[tuple[EventSchema, SchemaNode]]:
    """The places of the known keys that a pattern matches; a key that is known by a pattern may be one of them."""
    return [
        (schema, inner)
        for schema, place in declared.places
        for inner in (
            *(inner for key, inner in place.keys.items() if matches(step.glob, key)),
            *place.of_patterns(),
        )
    ]


def _nothing_matches(step: KeyPattern, declared: KnownBelow, before: str, span: Span) -> Iterator[Diagnostic]:
    """Of an event itself and of closed objects all keys are known; elsewhere only a pattern close to a key is wrong."""
    is_whole = not before or before == "$"
    keys = sorted({key for _, place in declared.places for key in place.keys})
    suggestion = nearest_pattern(step, keys) or (None if is_whole else _nearest_elsewhere(step, declared))
    if suggestion is None and not (is_whole or len(declared.closed) == len(declared.places)):
        return
    written = write_filter_path((step,), rooted=False)
    message = f"no part of an event matches `{written}`" if is_whole else f"no key of `{before}` matches `{written}`"
    if suggestion is None:
        help_ = f"the keys are: {', '.join(keys)}" if keys else ""
    else:
        message += "" if is_whole else f" in {declared.places[0][0].title}"
        help_ = f"did you mean `{suggestion}`?"
    yield Diagnostic("RW0201", message, span, help=(help_,) if help_ else ())


def _nearest_elsewhere(step: KeyPattern, declared: KnownBelow) -> str | None:
    """The pattern by a key that other parts of an event have: a trait such as `email` often comes in `properties`."""
    keys = [key for key in keys_of_parts(declared) if len(key) > _SHORTEST]
    core = step.glob.strip("*")
    # More or less of a known key is another key, `*emails*` among them; fewer letters are close to too many.
    return None if any(key in core or core in key for key in keys) else nearest_pattern(step, keys)


def nearest_pattern(step: KeyPattern, keys: list[str]) -> str | None:
    """A pattern with stars at its ends alone, with the known key in it that it nearly has; None for all others."""
    core = step.glob.strip("*")
    if len(core) < _SHORTEST or not core.replace("_", "").isalnum():
        return None
    key = suggest(core, keys)
    if len(core) == _SHORTEST and key is not None and sorted(core) != sorted(key):
        return None
    return None if key is None else step.glob.replace(core, key)
