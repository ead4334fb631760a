"""And and not over anything: the one shape that sets of texts and sets of lists share; `or` is made of the two."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

Leaf = TypeVar("Leaf")


class TooMuchWork(Exception):
    """A question whose answer would take more than the work allowed; it becomes an honest "unknown"."""


@dataclass(frozen=True, slots=True)
class All(Generic[Leaf]):
    """Holds where every part holds."""

    parts: tuple[Combination[Leaf], ...]


@dataclass(frozen=True, slots=True)
class Neither(Generic[Leaf]):
    """Holds where the part does not."""

    part: Combination[Leaf]


Combination: TypeAlias = All[Leaf] | Neither[Leaf] | Leaf


def both(one: Combination[Leaf], other: Combination[Leaf]) -> All[Leaf]:
    """The conjunction; one of many parts stays flat, so that nothing is ever nested as deep as a trigger is long."""
    parts: list[Combination[Leaf]] = []
    for side in (one, other):
        if isinstance(side, All):
            parts.extend(side.parts)
        else:
            parts.append(side)
    return All(tuple(parts))


def holds(combination: Combination[Leaf], test: Callable[[Leaf], bool]) -> bool:
    """Whether the combination holds when each leaf is what `test` says of it."""
    if isinstance(combination, All):
        return all(holds(part, test) for part in combination.parts)
    if isinstance(combination, Neither):
        return not holds(combination.part, test)
    return test(combination)


def leaves(combination: Combination[Leaf]) -> Iterator[Leaf]:
    """Every leaf, from left to right, as often as it stands there."""
    if isinstance(combination, All):
        for part in combination.parts:
            yield from leaves(part)
    elif isinstance(combination, Neither):
        yield from leaves(combination.part)
    else:
        yield combination
