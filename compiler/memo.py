"""A memo of results by the identity of their inputs, so that an edit recomputes only what it affects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, TypeVarTuple

Parts = TypeVarTuple("Parts")
Result = TypeVar("Result")


class IdentityMemo:
    """Calls of functions by what they were given, from one round to the next.

    A result is kept for as long as every round asks for it, so nothing is held of what the rules no longer have. What
    was given is compared by identity: nodes of two places may be equal, and the spans in their results are not.
    """

    def __init__(self) -> None:
        self._before: dict[tuple[int, ...], tuple[tuple[object, ...], Any]] = {}
        self._now: dict[tuple[int, ...], tuple[tuple[object, ...], Any]] = {}

    def next_round(self) -> None:
        """Forgets what the last round did not ask for."""
        self._before, self._now = self._now, {}

    def of(self, make: Callable[[*Parts], Result], *parts: *Parts) -> Result:
        """What `make(*parts)` gives: a function that depends on nothing else, and whose result nobody changes."""
        inputs: tuple[object, ...] = (make, *parts)
        key = tuple(map(id, inputs))
        kept = self._now.get(key)
        if kept is None:
            # What was given is held beside it: the next thing made could have the identity of one that is gone.
            kept = self._before.get(key) or (inputs, make(*parts))
            self._now[key] = kept
        result: Result = kept[1]
        return result
