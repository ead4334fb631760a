"""Sets of numbers: any union of points and intervals, exact, closed under and, or and not."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal, TypeAlias

from ....frozen import dataclass

Number: TypeAlias = int | float
Cut: TypeAlias = tuple[Number, int]
"""A place on the line: just before a number (0), or just after it (1)."""


@dataclass(frozen=True, slots=True)
class NumberSet:
    """The line of numbers, cut in pieces that are in and out by turns."""

    cuts: tuple[Cut, ...] = ()
    begins: bool = False
    """Whether the piece without a lower end is in the set."""

    def __contains__(self, number: Number) -> bool:
        place = (number, 0)
        return self.begins ^ (sum(cut <= place for cut in self.cuts) % 2 == 1)

    def __and__(self, other: NumberSet) -> NumberSet:
        if self is other:
            return self
        return self._merged(other, both=True)

    def __or__(self, other: NumberSet) -> NumberSet:
        if self is other:
            return self
        return self._merged(other, both=False)

    def __invert__(self) -> NumberSet:
        return NumberSet(self.cuts, not self.begins)

    def _merged(self, other: NumberSet, *, both: bool) -> NumberSet:
        mine, theirs = self.begins, other.begins
        begins = inside = (mine and theirs) if both else (mine or theirs)
        cuts: list[Cut] = []
        my_cuts, their_cuts = set(self.cuts), set(other.cuts)
        for cut in sorted(my_cuts | their_cuts):
            mine ^= cut in my_cuts
            theirs ^= cut in their_cuts
            now = (mine and theirs) if both else (mine or theirs)
            if now != inside:
                cuts.append(cut)
                inside = now
        return NumberSet(tuple(cuts), begins)

    def pieces(self) -> Iterator[tuple[Cut, Cut]]:
        """The pieces in the set, each from cut to cut; an open end is infinite."""
        ends: list[Cut] = [*self.cuts, (math.inf, 0)]
        if self.begins:
            ends.insert(0, (-math.inf, 1))
        yield from zip(ends[::2], ends[1::2], strict=False)

    def pick(self) -> Number | None:
        """A number of the set, the plainest of a few; None when it has none."""
        candidates = [number for piece in self.pieces() for number in _plain_numbers(*piece)]
        return min((n for n in candidates if n in self), key=_plainness, default=None)


def _plain_numbers(lower: Cut, upper: Cut) -> Iterator[Number]:
    """Some numbers between two cuts, among them every number that could be the only one."""
    yield 1
    yield 0
    low, high = lower[0], upper[0]
    for end in (low, high):
        if not math.isinf(end):
            yield end
            if abs(end) < 2**53:
                yield math.floor(end) + 1
                yield math.ceil(end) - 1
            else:
                yield from (int(end) + 1, int(end) - 1, end * 2, end / 2)
            yield math.nextafter(end, math.inf)
            yield math.nextafter(end, -math.inf)
    if not math.isinf(low) and not math.isinf(high):
        yield low / 2 + high / 2


def _plainness(number: Number) -> tuple[bool, int, float]:
    """Positive numbers of few digits near zero come first."""
    return number <= 0, len(repr(number)), abs(number)


NO_NUMBERS = NumberSet()
ALL_NUMBERS = NumberSet((), True)

Order: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">="]


def numbers(order: Order, bound: Number) -> NumberSet:
    """The numbers on one side of a bound: `numbers("<", 5)`."""
    if order == "=":
        return NumberSet(((bound, 0), (bound, 1)))
    if order == "<":
        return NumberSet(((bound, 0),), True)
    if order == "<=":
        return NumberSet(((bound, 1),), True)
    return ~numbers({"!=": "=", ">": "<=", ">=": "<"}[order], bound)  # type: ignore[arg-type]
