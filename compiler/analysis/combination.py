"""And, or and not over anything: the one shape that formulas, sets of texts and sets of lists share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Leaf = TypeVar("Leaf")


class TooMuchWork(Exception):
    """A question whose answer would take more than the work allowed; it becomes an honest "unknown"."""


@dataclass(frozen=True, slots=True)
class Both(Generic[Leaf]):
    """Holds where both parts hold."""

    left: Combination[Leaf]
    right: Combination[Leaf]


@dataclass(frozen=True, slots=True)
class Either(Generic[Leaf]):
    """Holds where one of the parts holds."""

    left: Combination[Leaf]
    right: Combination[Leaf]


@dataclass(frozen=True, slots=True)
class Neither(Generic[Leaf]):
    """Holds where the part does not."""

    part: Combination[Leaf]


Combination: TypeAlias = Both[Leaf] | Either[Leaf] | Neither[Leaf] | Leaf


def holds(combination: Combination[Leaf], test: Callable[[Leaf], bool]) -> bool:
    """Whether the combination holds when each leaf is what `test` says of it."""
    if isinstance(combination, Both):
        return holds(combination.left, test) and holds(combination.right, test)
    if isinstance(combination, Either):
        return holds(combination.left, test) or holds(combination.right, test)
    if isinstance(combination, Neither):
        return not holds(combination.part, test)
    return test(combination)


def leaves(combination: Combination[Leaf]) -> Iterator[Leaf]:
    """Every leaf, from left to right, as often as it stands there."""
    if isinstance(combination, Both | Either):
        yield from leaves(combination.left)
        yield from leaves(combination.right)
    elif isinstance(combination, Neither):
        yield from leaves(combination.part)
    else:
        yield combination
