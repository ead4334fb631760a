"""The paths of `drop` and `keep` as things that are read: whether an event has what a filter takes out or keeps."""

from __future__ import annotations

import re

from ..compiler import ir
from ..dsl.ast import EveryItem, FilterStep, KeyPattern, Step
from ..runtime.mapping.filters import drop_paths
from ..runtime.semantics.event import Event
from ..runtime.semantics.missing import MISSING
from .evaluation import Traced

_STAR_OR_ESCAPED = re.compile(r"\*|\\(.)")


def reads_of(filter_: ir.Filter) -> tuple[ir.Read, ...]:
    """One read for each path of a filter: with the first item for `[]`, and a key that matches for a pattern."""
    return tuple(
        ir.Read(ir.EVENT, tuple(map(_sample, steps)), span=span)
        for steps, span in zip(filter_.paths, filter_.places, strict=True)
    )


def paths_found(filter_: ir.Filter, event: Event) -> list[Traced]:
    """Each path of a filter, with True if the event has a value there, else MISSING."""
    return [
        Traced(read, True if drop_paths(event, [steps]) != event else MISSING)
        for read, steps in zip(reads_of(filter_), filter_.paths, strict=True)
    ]


def _sample(step: FilterStep) -> Step:
    if isinstance(step, EveryItem):
        return 0
    return matching_key(step) if isinstance(step, KeyPattern) else step


def matching_key(pattern: KeyPattern) -> str:
    """A key that a pattern matches: with nothing for each `*`, or `key` where nothing else is left."""
    return _STAR_OR_ESCAPED.sub(lambda sign: sign[1] or "", pattern.glob) or "key"
