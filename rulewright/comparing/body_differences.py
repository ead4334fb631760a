"""Where two request bodies differ: the paths, with the items of a list taken as one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

from ..runtime.missing import MISSING
from ..runtime.outcome import Request


class Difference(NamedTuple):
    """One place; a side on which there is nothing is MISSING."""

    path: str
    before: Any
    after: Any


def differences(before: Request, after: Request) -> Iterator[Difference]:
    """Everything in which two requests differ: method, address and body.

    `events[].event_type` is this field of any item; a text of a form that is JSON is compared as what it says.
    """
    for name in ("action", "method", "url"):
        one, other = getattr(before, name), getattr(after, name)
        if one != other:
            yield Difference(name, one, other)
    yield from _of_values(_body(before), _body(after), "")


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


def _of_values(before: Any, after: Any, path: str) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for key in {**before, **after}:
            yield from _of_values(before.get(key, MISSING), after.get(key, MISSING), _step(path, key))
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip_longest(before, after, fillvalue=MISSING):
            yield from _of_values(one, other, f"{path}[]")
    elif not _same(before, after):
        yield Difference(path, before, after)


def _same(before: Any, after: Any) -> bool:
    """Equality as JSON has it: true is not 1, and 1 is 1.0."""
    if isinstance(before, bool) or isinstance(after, bool):
        return before is after
    return bool(before == after)


def _step(path: str, key: str) -> str:
    written = key if key.isidentifier() else json.dumps(key, ensure_ascii=False)
    return f"{path}.{written}" if path else written
