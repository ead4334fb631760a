"""Boolean combinations with `and` and `not`, shared by sets of texts and sets of lists; `or` is built from both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeAlias, TypeVar

from ....frozen import dataclass

Leaf = TypeVar("Leaf")
Other = TypeVar("Other")


@dataclass(frozen=True, slots=True)
class And(Generic[Leaf]):
    """Holds where every part holds."""

    parts: tuple[Combination[Leaf], ...]


@dataclass(frozen=True, slots=True)
class Not(Generic[Leaf]):
    """Holds where the part does not."""

    part: Combination[Leaf]


Combination: TypeAlias = And[Leaf] | Not[Leaf] | Leaf


def both(left: Combination[Leaf], right: Combination[Leaf]) -> And[Leaf]:
    """The conjunction; one of many parts stays flat, so that nothing is ever nested as deep as a trigger is long."""
    parts: list[Combination[Leaf]] = []
    for side in (left, right):
        if isinstance(side, And):
            parts.extend(side.parts)
        else:
            parts.append(side)
    return And(tuple(parts))


def balanced(join: Callable[[Leaf, Leaf], Leaf], parts: list[Leaf]) -> Leaf:
    """One or more parts joined to one, neighbors first: what grows with each join is not copied for every part."""
    while len(parts) > 1:
        pairs = [join(left, right) for left, right in zip(parts[::2], parts[1::2], strict=False)]
        parts = [*pairs, *parts[2 * len(pairs) :]]
    return parts[0]


def holds(combination: Combination[Leaf], test: Callable[[Leaf], bool]) -> bool:
    """Whether the combination holds when each leaf is what `test` says of it."""
    if isinstance(combination, And):
        return all(holds(part, test) for part in combination.parts)
    if isinstance(combination, Not):
        return not holds(combination.part, test)
    return test(combination)


def leaves(combination: Combination[Leaf]) -> Iterator[Leaf]:
    """Every leaf from left to right, with repetitions."""
    if isinstance(combination, And):
        for part in combination.parts:
            yield from leaves(part)
    elif isinstance(combination, Not):
        yield from leaves(combination.part)
    else:
        yield combination


def size(combination: Combination[Leaf]) -> int:
    """About how many leaves it has; quick to tell."""
    inner = combination.part if isinstance(combination, Not) else combination
    return len(inner.parts) if isinstance(inner, And) else 1


def replaced(combination: Combination[Leaf], change: Callable[[Leaf], Other]) -> Combination[Other]:
    """The same combination of other leaves."""
    if isinstance(combination, And):
        return And(tuple(replaced(part, change) for part in combination.parts))
    if isinstance(combination, Not):
        return Not(replaced(combination.part, change))
    return change(combination)
