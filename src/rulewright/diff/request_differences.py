"""Finds the paths at which two requests differ; the items of a list share a path."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from ..runtime.outcome import Request
from ..runtime.semantics.missing import MISSING


class RequestDifference(NamedTuple):
    """One difference; the value of a side without one is MISSING."""

    path: str
    before: Any
    after: Any


def differences(before: Request, after: Request) -> Iterator[RequestDifference]:
    """The differences between two requests in action, method, URL, headers and body.

    `events[].event_type` is this field in any item; JSON text in a form is compared decoded. A header is at `headers`.
    """
    for name in ("action", "method", "url"):
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield RequestDifference(name, old, new)
    # The walk keeps its own stack, because a body may be nested deeper than Python calls.
    headers = RequestDifference("headers", before.added_headers or {}, after.added_headers or {})
    pending: list[RequestDifference] = [RequestDifference("", _body(before), _body(after)), headers]
    while pending:
        place = pending.pop()
        parts = _parts(place)
        if parts is not None:
            pending += reversed(parts)
        elif not _same(place.before, place.after):
            yield place


def _body(request: Request) -> Any:
    if request.form is None:
        return request.json
    return {name: _decoded(text) for name, text in request.form.items()}


def _decoded(text: Any) -> Any:
    if isinstance(text, str) and text.startswith(("{", "[")):
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _parts(place: RequestDifference) -> list[RequestDifference] | None:
    """What two objects or two lists are made of, side by side; None for anything else."""
    path, before, after = place
    if isinstance(before, dict) and isinstance(after, dict):
        return [
            RequestDifference(_step(path, key), before.get(key, MISSING), after.get(key, MISSING))
            for key in {**before, **after}
        ]
    if isinstance(before, list) and isinstance(after, list):
        return [RequestDifference(f"{path}[]", old, new) for old, new in zip_longest(before, after, fillvalue=MISSING)]
    return None


def _same(before: Any, after: Any) -> bool:
    """Equality of JSON values: true is not 1, and 1 is 1.0."""
    if isinstance(before, bool) or isinstance(after, bool):
        return before is after
    return bool(before == after)


def _step(path: str, key: str) -> str:
    written = key if key.isidentifier() else json.dumps(key, ensure_ascii=False)
    return f"{path}.{written}" if path else written
