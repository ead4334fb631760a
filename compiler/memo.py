"""A memo of results by the identity of their inputs, so that an edit recomputes only what it affects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

Parts = TypeVarTuple("Parts")
Result = TypeVar("Result")


class IdentityMemo:
    """Keeps results of functions from one round to the next, by the identity of the arguments.

    A result is dropped after a round that did not ask for it, so nothing is kept of rules that no longer exist.
    Arguments are compared by identity, because equal nodes of two places have results with different spans.
    """

    def __init__(self) -> None:
        self._before: dict[tuple[int, ...], tuple[tuple[object, ...], Any]] = {}
        self._now: dict[tuple[int, ...], tuple[tuple[object, ...], Any]] = {}

    def next_round(self) -> None:
        """Begins a round, and drops the results that the last round did not ask for."""
        self._before, self._now = self._now, {}

    def of(self, make: Callable[[*Parts], Result], *parts: *Parts) -> Result:
        """The result of `make(*parts)`, which must depend on nothing else; nobody may change it."""
        inputs: tuple[object, ...] = (make, *parts)
        key = tuple(map(id, inputs))
        kept = self._now.get(key)
        if kept is None:
            # What was given is held beside it: the next thing made could have the identity of one that is gone.
            kept = self._before.get(key) or (inputs, make(*parts))
            self._now[key] = kept
        result: Result = kept[1]
        return result
