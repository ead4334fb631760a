"""Sets of the values that a path can have: exact, and closed under and, or and not."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum, Flag, auto
from typing import Any

from ....dsl.ast import Scalar
from ....frozen import dataclass
from ....runtime.semantics.missing import MISSING, Missing
from .combination import balanced
from .lists import ALL_LISTS, NO_LISTS, ListSet, lists_with
from .numbers import ALL_NUMBERS, NO_NUMBERS, NumberSet, Order
from .numbers import numbers as numbers_that
from .texts import ALL_TEXTS, NO_TEXTS, TextSet
from .texts import texts as listed


class NoValue(Enum):
    """The type of NO_VALUE, which an empty set gives for a value."""

    NO_VALUE = auto()


NO_VALUE = NoValue.NO_VALUE


class Plain(Flag):
    """Values that are one of a kind, and objects, which differ only in whether they hold anything."""

    MISSING = auto()
    NULL = auto()
    TRUE = auto()
    FALSE = auto()
    EMPTY_OBJECT = auto()
    FULL_OBJECT = auto()


NOTHING = Plain(0)
EVERY_PLAIN = ~NOTHING
OBJECT = Plain.EMPTY_OBJECT | Plain.FULL_OBJECT


@dataclass(frozen=True, slots=True)
class ValueSet:
    """A set of values, kind by kind."""

    plain: Plain = NOTHING
    numbers: NumberSet = NO_NUMBERS
    texts: TextSet = NO_TEXTS
    lists: ListSet = NO_LISTS

    def __contains__(self, value: Any) -> bool:
        if isinstance(value, str):
            return value in self.texts
        if isinstance(value, list):
            return value in self.lists
        if isinstance(value, int | float) and not isinstance(value, bool):
            return value in self.numbers
        return bool(plain_of(value) & self.plain)

    def __and__(self, other: ValueSet) -> ValueSet:
        if self is ANY_VALUE or self is other:
            return other
        if other is ANY_VALUE:
            return self
        return ValueSet(
            self.plain & other.plain,
            self.numbers & other.numbers,
            self.texts & other.texts,
            self.lists & other.lists,
        )

    def __or__(self, other: ValueSet) -> ValueSet:
        return ValueSet(
            self.plain | other.plain,
            self.numbers | other.numbers,
            self.texts | other.texts,
            self.lists | other.lists,
        )

    def __invert__(self) -> ValueSet:
        return ValueSet(~self.plain, ~self.numbers, ~self.texts, ~self.lists)

    def size(self) -> int:
        """About how much there is to look at in this set."""
        return 1 + len(self.numbers.cuts) + self.texts.size() + self.lists.size()

    def is_empty(self) -> bool:
        """Whether no value is in the set. Raises TooMuchWork."""
        return not self.plain and all(part.pick() is None for part in (self.numbers, self.texts, self.lists))

    def pick(self) -> Any:
        """The plainest value of the set, NO_VALUE when it is empty. Raises TooMuchWork."""
        if Plain.MISSING in self.plain:
            return MISSING
        for part in (self.texts, self.numbers):
            if (picked := part.pick()) is not None:
                return picked
        for kind, value in _IN_ORDER:
            if kind in self.plain:
                return value
        found_list = self.lists.pick()
        return NO_VALUE if found_list is None else found_list


def plain_of(value: Any) -> Plain:
    """The one of a kind that a value is; nothing for numbers, text and lists."""
    if value is MISSING:
        return Plain.MISSING
    if value is None:
        return Plain.NULL
    if isinstance(value, bool):
        return Plain.TRUE if value else Plain.FALSE
    if isinstance(value, dict):
        return Plain.FULL_OBJECT if value else Plain.EMPTY_OBJECT
    return NOTHING


_IN_ORDER: tuple[tuple[Plain, Any], ...] = (
    (Plain.TRUE, True),
    (Plain.FALSE, False),
    (Plain.NULL, None),
    (Plain.FULL_OBJECT, {"a": 1}),
    (Plain.EMPTY_OBJECT, {}),
)

NO_VALUES = ValueSet()
ANY_VALUE = ~NO_VALUES
MISSING_OR_NULL = ValueSet(Plain.MISSING | Plain.NULL)
BOOLEANS = ValueSet(Plain.TRUE | Plain.FALSE)
OBJECTS = ValueSet(OBJECT)
NUMBERS = ValueSet(numbers=ALL_NUMBERS)
TEXTS = ValueSet(texts=ALL_TEXTS)
LISTS = ValueSet(lists=ALL_LISTS)


def exactly(value: Scalar) -> ValueSet:
    """The values for which `= value` holds: null also covers a path that leads nowhere."""
    if value is None:
        return MISSING_OR_NULL
    if isinstance(value, bool):
        return ValueSet(Plain.TRUE if value else Plain.FALSE)
    if isinstance(value, str):
        return ValueSet(texts=listed(value))
    return ValueSet(numbers=numbers_that("=", value))


EMPTY = MISSING_OR_NULL | exactly("")
"""What leaves a field of text without a value."""


def compared(order: Order, bound: Scalar) -> ValueSet:
    """What a comparison with a constant holds for, as Segment's validate.js has it.

    With a number both `=` and `!=` want a number; with anything else `!=` is the negation of `=`. Order is of
    numbers alone.
    """
    if isinstance(bound, int | float) and not isinstance(bound, bool):
        return ValueSet(numbers=numbers_that(order, bound))
    if order == "=":
        return exactly(bound)
    return ~exactly(bound) if order == "!=" else NO_VALUES


def union(sets: Iterable[ValueSet]) -> ValueSet:
    """All values of some sets."""
    return balanced(ValueSet.__or__, list(sets) or [NO_VALUES])


def holding(item: Scalar) -> ValueSet:
    """Lists that hold an item."""
    return ValueSet(lists=lists_with(item))


_OF_KIND = {
    "missing": ValueSet(Plain.MISSING),
    "null": ValueSet(Plain.NULL),
    "string": TEXTS,
    "number": NUMBERS,
    "boolean": BOOLEANS,
    "list": LISTS,
    "object": OBJECTS,
}


def values_of(kinds: Iterable[str]) -> ValueSet:
    """All values of some kinds, named as in `value_types.ANY`."""
    return union(_OF_KIND[kind] for kind in kinds)


def only(value: Scalar | Missing) -> ValueSet:
    """The set of one value."""
    if value is None or value is MISSING:
        return ValueSet(plain_of(value))
    assert not isinstance(value, Missing)
    return exactly(value)
