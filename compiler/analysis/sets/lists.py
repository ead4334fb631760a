"""Sets of lists, by the items they hold and by their length: any combination of the two, exact, with a witness."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import combinations
from typing import TypeAlias

from .combination import Combination, Neither, TooMuchWork, both, holds, leaves
from .numbers import NumberSet

Item: TypeAlias = str | int | float | bool | None

MOST_ITEMS = 10
"""Items named in one question; each doubles the work."""
MOST_LENGTH = 1000
"""The longest list that is ever made up."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Lists that hold an item; 1 and true are two items, 1 and 1.0 are one."""

    item: Item
    boolean: bool
    """Whether the item is true or false, which Python takes for 1 and 0."""


@dataclass(frozen=True, slots=True)
class Length:
    """Lists whose number of items is one of these."""

    lengths: NumberSet


ListFact: TypeAlias = Holds | Length


@dataclass(frozen=True, slots=True)
class ListSet:
    """Lists of which a combination of facts is true; without a combination all of them, or with `empty` none."""

    facts: Combination[ListFact] | None = None
    empty: bool = False

    def __contains__(self, value: list[object]) -> bool:
        if self.facts is None:
            return not self.empty
        return holds(self.facts, partial(_is_true, value))

    def __and__(self, other: ListSet) -> ListSet:
        if self.facts is None:
            return self if self.empty else other
        if other.facts is None:
            return other if other.empty else self
        return self if self == other else ListSet(both(self.facts, other.facts))

    def __or__(self, other: ListSet) -> ListSet:
        return ~(~self & ~other)

    def __invert__(self) -> ListSet:
        if self.facts is None:
            return ListSet(None, not self.empty)
        return ListSet(self.facts.part if isinstance(self.facts, Neither) else Neither(self.facts))

    def pick(self) -> list[object] | None:
        """A short list of the set, None when it is empty. Raises TooMuchWork."""
        if self.facts is None:
            return None if self.empty else []
        found = _shortest(self.facts)
        return None if found is None else list(found)


NO_LISTS = ListSet(empty=True)
ALL_LISTS = ListSet()


def lists_with(item: Item) -> ListSet:
    return ListSet(Holds(item, isinstance(item, bool)))


def lists_of_length(lengths: NumberSet) -> ListSet:
    return ListSet(Length(lengths))


def _is_true(value: list[object], fact: ListFact) -> bool:
    if isinstance(fact, Length):
        return len(value) in fact.lengths
    return any(item == fact.item and isinstance(item, bool) == fact.boolean for item in value)


@lru_cache(maxsize=4096)
def _shortest(facts: Combination[ListFact]) -> tuple[object, ...] | None:
    """Tries every choice of the items named, and for each the lengths at which an answer can change."""
    named = list(dict.fromkeys(fact for fact in leaves(facts) if isinstance(fact, Holds)))
    if len(named) > MOST_ITEMS:
        raise TooMuchWork("too many items of one list are named")
    filler = _unnamed(named)
    for size in range(len(named) + 1):
        for chosen in combinations(named, size):
            for length in _lengths(facts, size):
                items: list[object] = [fact.item for fact in chosen]
                items += [items[0] if items else filler] * (length - size)
                if items in ListSet(facts):
                    return tuple(items)
    return None


def _lengths(facts: Combination[ListFact], least: int) -> list[int]:
    """The lengths from `least` on at which the truth of a fact can change."""
    found = {least}
    for fact in leaves(facts):
        if isinstance(fact, Length):
            for number, _ in fact.lengths.cuts:
                if number > MOST_LENGTH:
                    raise TooMuchWork("a list of more than 1,000 items is asked for")
                found.update(range(max(least, int(number) - 1), int(number) + 3))
    return sorted(found)


def _unnamed(named: list[Holds]) -> Item:
    number = 1
    while any(fact.item == number for fact in named):
        number += 1
    return number
