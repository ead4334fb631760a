"""Preimages: the arguments for which the value of a function is in a set, where they are known exactly."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ....dsl.ast import Scalar
from ....runtime.semantics.glob import STAR, literally
from ....runtime.semantics.missing import MISSING
from ..sets.combination import leaves
from ..sets.glob import Glob
from ..sets.lists import lists_of_length
from ..sets.numbers import Cut, NumberSet, numbers
from ..sets.text_pattern import ByteLength
from ..sets.texts import ALL_TEXTS, NO_TEXTS, TextSet, texts_like
from ..sets.values import (
    BOOLEANS,
    EMPTY,
    LISTS,
    MISSING_OR_NULL,
    NO_VALUES,
    NUMBERS,
    OBJECTS,
    TEXTS,
    ValueSet,
    exactly,
)

Constants: TypeAlias = tuple[Scalar, ...]
Arguments: TypeAlias = tuple[ValueSet, ValueSet]
"""First arguments that surely give a wanted value, and others that perhaps do."""
Before: TypeAlias = Callable[[ValueSet, Constants], Arguments]
"""From the wanted values and the constants after the first argument."""

_KINDS = {
    "string": TEXTS,
    "bool": BOOLEANS,
    "number": NUMBERS,
    "list": LISTS,
    "object": OBJECTS,
    "null": MISSING_OR_NULL,
}
_NO_LENGTH = BOOLEANS | NUMBERS | OBJECTS
_BLANK = MISSING_OR_NULL | exactly("") | exactly(0) | exactly(False) | ValueSet(lists=lists_of_length(numbers("=", 0)))
_PERHAPS_BLANK = ValueSet(lists=lists_of_length(numbers("=", 1)))


def _typeof(wanted: ValueSet, _: Constants) -> Arguments:
    preimages = NO_VALUES
    for name, values in _KINDS.items():
        if name in wanted:
            preimages |= values
    return preimages, NO_VALUES


def _exists(wanted: ValueSet, _: Constants) -> Arguments:
    return _truth(wanted, ~MISSING_OR_NULL), NO_VALUES


def _blank(wanted: ValueSet, _: Constants) -> Arguments:
    if (True in wanted) == (False in wanted):
        return _truth(wanted, _BLANK), NO_VALUES
    return _truth(wanted, _BLANK) & ~_PERHAPS_BLANK, _PERHAPS_BLANK


def _visible(wanted: ValueSet, _: Constants) -> Arguments:
    """Which texts have only invisible characters is not followed."""
    perhaps = (TEXTS & ~exactly("")) | _PERHAPS_BLANK
    if (True in wanted) == (False in wanted):
        return _truth(wanted, ~EMPTY), NO_VALUES
    return _truth(wanted, ~EMPTY) & ~perhaps, perhaps


def _default(wanted: ValueSet, constants: Constants) -> Arguments:
    kept = wanted & ~EMPTY
    return kept | EMPTY if constants[0] in wanted else kept, NO_VALUES


def _text_test(shape: Callable[[str], Glob]) -> Before:
    def before(wanted: ValueSet, constants: Constants) -> Arguments:
        if not isinstance(constants[0], str):
            return NO_VALUES, TEXTS
        return _truth(wanted, ValueSet(texts=texts_like(shape(constants[0])))), NO_VALUES

    return before


def _length(wanted: ValueSet, _: Constants) -> Arguments:
    values = ValueSet(texts=_texts_of_length(wanted.numbers), lists=lists_of_length(wanted.numbers))
    if 0 in wanted:
        values |= MISSING_OR_NULL
    return values | _NO_LENGTH if MISSING in wanted else values, NO_VALUES


def _texts_of_length(lengths: NumberSet) -> TextSet:
    texts = NO_TEXTS
    for lower, upper in lengths.pieces():
        least = 0 if math.isinf(lower[0]) else max(0, _first_whole(lower))
        most = None if math.isinf(upper[0]) else _first_whole(upper) - 1
        if most is None or least <= most:
            texts |= texts_like(ByteLength(least, most))
    return texts


def _first_whole(cut: Cut) -> int:
    """The first whole number past a cut."""
    whole = math.ceil(cut[0])
    return whole + 1 if whole == cut[0] and cut[1] else whole


def _recase(change: Callable[[str], str]) -> Before:
    def before(wanted: ValueSet, _: Constants) -> Arguments:
        others = replace(wanted, texts=NO_TEXTS)
        if wanted.texts in (ALL_TEXTS, NO_TEXTS):
            return wanted, NO_VALUES
        if change is str.lower and any(part.kind("σ") != part.kind("ς") for part in leaves(wanted.texts.as_shape())):
            # The lower case of a capital sigma depends on its position.
            return others, TEXTS
        return replace(wanted, texts=wanted.texts.before(change)), NO_VALUES

    return before


def _rewrite(wanted: ValueSet, _: Constants) -> Arguments:
    """Changes text in a way that is not followed; leaves everything else as it is."""
    if wanted.texts in (ALL_TEXTS, NO_TEXTS):
        return wanted, NO_VALUES
    return replace(wanted, texts=NO_TEXTS), TEXTS


def _number(wanted: ValueSet, _: Constants) -> Arguments:
    """Numbers and nothing stay; text may spell a number; anything else is not a number, and reads as missing."""
    kept = wanted & (NUMBERS | MISSING_OR_NULL)
    return kept | BOOLEANS | LISTS | OBJECTS if MISSING in wanted else kept, TEXTS


def _bool(wanted: ValueSet, _: Constants) -> Arguments:
    values = wanted & (BOOLEANS | MISSING_OR_NULL)
    no_items = ValueSet(lists=lists_of_length(numbers("=", 0)))
    if True in wanted:
        values |= (NUMBERS & ~exactly(0)) | (LISTS & ~no_items)
    if False in wanted:
        values |= exactly(0) | no_items
    return values | OBJECTS if MISSING in wanted else values, TEXTS


def _string(wanted: ValueSet, _: Constants) -> Arguments:
    values = wanted & (TEXTS | MISSING_OR_NULL)
    for truth, text in ((True, "true"), (False, "false")):
        if text in wanted:
            values |= exactly(truth)
    return values | OBJECTS if MISSING in wanted else values, NUMBERS | LISTS


def _truth(wanted: ValueSet, true_for: ValueSet) -> ValueSet:
    """The arguments of a test that is true for some values and false for all others."""
    values = true_for if True in wanted else NO_VALUES
    return values | ~true_for if False in wanted else values


BEFORE: dict[str, Before] = {
    "blank": _blank,
    "bool": _bool,
    "default": _default,
    "ends_with": _text_test(lambda part: Glob((STAR, *literally(part)))),
    "exists": _exists,
    "kebabcase": _rewrite,
    "length": _length,
    "lowercase": _recase(str.lower),
    "number": _number,
    "snakecase": _rewrite,
    "starts_with": _text_test(lambda part: Glob((*literally(part), STAR))),
    "string": _string,
    "titlecase": _rewrite,
    "trim": _rewrite,
    "typeof": _typeof,
    "uppercase": _recase(str.upper),
    "visible": _visible,
}
"""By the functions' names; the language fixes what each does."""
