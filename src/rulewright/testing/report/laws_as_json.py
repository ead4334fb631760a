"""Law results as plain data, for programs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...dsl.source import Span
from ..judging.judge import Miss
from ..law_results import LawResult

SpanAsJson = Callable[[Span], dict[str, Any]]


def law_as_json(result: LawResult, place: SpanAsJson, miss: Callable[[Miss], dict[str, Any]]) -> dict[str, Any]:
    """A law: whether it was proved, held, broken or not tried, and the smallest event that breaks it."""
    return {
        "name": result.name,
        "built_in": result.law is None,
        "place": None if result.law is None else place(result.law.span),
        "status": result.status,
        "events": result.events,
        "mappings": dict(result.taken),
        "stopped": result.stopped,
        "seconds": round(result.seconds, 6),
        "problem": result.problem or None,
        "misses": [miss(part) for part in result.misses],
        "event": result.event,
        "test": result.test() or None,
    }
