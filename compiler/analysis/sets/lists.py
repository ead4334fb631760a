"""Sets of lists, by the items they hold and by their length: any combination of the two, exact, with a witness."""

from __future__ import annotations

from functools import lru_cache, partial
from itertools import combinations
from typing import TypeAlias

from ....frozen import dataclass
from ..budget import TooMuchWork, spend_once
from .combination import Combination, Not, both, holds, leaves, size
from .numbers import Number, NumberSet

ListItem: TypeAlias = str | int | float | bool | None

MOST_ITEMS = 10
"""The most items named in one question; each doubles the work."""
MOST_LENGTH = 1000
"""The longest list that is ever made up."""
MOST_STEPS = 50_000
"""The most facts looked at in the search for one list."""


@dataclass(frozen=True, slots=True)
class Holds:
    """Lists that hold an item; 1 and true are two items, 1 and 1.0 are one."""

    item: ListItem
    boolean: bool
    """Whether the item is true or false, which Python takes for 1 and 0."""


@dataclass(frozen=True, slots=True)
class Length:
    """Lists whose number of items is one of these."""

    lengths: NumberSet


ListFact: TypeAlias = Holds | Length


@dataclass(frozen=True, slots=True)
class ListSet:
    """The lists that make a combination of facts true; without a combination, all lists, or with `empty` none."""

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
        return ListSet(self.facts.part if isinstance(self.facts, Not) else Not(self.facts))

    def pick(self) -> list[object] | None:
        """A short list of the set, None when it is empty. Raises TooMuchWork."""
        if self.facts is None:
            return None if self.empty else []
        shortest, steps = _shortest(self.facts)
        spend_once(self.facts, steps)
        if isinstance(shortest, TooMuchWork):
            raise TooMuchWork(*shortest.args)
        return None if shortest is None else list(shortest)

    def size(self) -> int:
        """About how much there is to look at in this set."""
        return 0 if self.facts is None else size(self.facts)


NO_LISTS = ListSet(empty=True)
ALL_LISTS = ListSet()


def lists_with(item: ListItem) -> ListSet:
    return ListSet(Holds(item, isinstance(item, bool)))


def lists_of_length(lengths: NumberSet) -> ListSet:
    return ListSet(Length(lengths))


def _is_true(value: list[object], fact: ListFact) -> bool:
    if isinstance(fact, Length):
        return len(value) in fact.lengths
    return any(item == fact.item and isinstance(item, bool) == fact.boolean for item in value)


@lru_cache(maxsize=4096)
def _shortest(facts: Combination[ListFact]) -> tuple[tuple[object, ...] | TooMuchWork | None, int]:
    """Tries every choice of the items named, and for each the lengths at which an answer can change.

    The steps that it took come with it. Too much is an answer too, so that it is known the next time.
    """
    every = tuple(leaves(facts))
    named = list(dict.fromkeys(fact for fact in every if isinstance(fact, Holds)))
    bounds = sorted({number for fact in every if isinstance(fact, Length) for number, _ in fact.lengths.cuts})
    steps = len(every)
    if len(named) > MOST_ITEMS:
        return TooMuchWork("too many items of one list are named"), steps
    if bounds and bounds[-1] > MOST_LENGTH:
        return TooMuchWork("a list of more than 1,000 items is asked for"), steps
    filler = _unnamed(named)
    for count in range(len(named) + 1):
        lengths = _lengths(bounds, count)
        for chosen in combinations(named, count):
            for length in lengths:
                items: list[object] = [fact.item for fact in chosen]
                items += [items[0] if items else filler] * (length - count)
                steps += len(every)
                if steps > MOST_STEPS:
                    return TooMuchWork("too many facts about one list are combined"), steps
                if items in ListSet(facts):
                    return tuple(items), steps
    return None, steps


def _lengths(bounds: list[Number], least: int) -> list[int]:
    """The lengths from `least` on at which the truth of a fact can change."""
    lengths = {least}
    for number in bounds:
        lengths.update(range(max(least, int(number) - 1), int(number) + 3))
    return sorted(lengths)


def _unnamed(named: list[Holds]) -> ListItem:
    number = 1
    while any(fact.item == number for fact in named):
        number += 1
    return number
