"""Sets of values: what is picked from one is in it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rulewright.compiler.analysis.sets.values import ABSENT, NO_VALUE, NO_VALUES, Plain, ValueSet, exactly, only

SCALARS: list[Any] = [True, False, 0, -1, 2.5, "", "a", "ß", "\U0001f600"]


@pytest.mark.parametrize("value", SCALARS, ids=map(repr, SCALARS))
def test_the_set_of_one_value_gives_that_value(value: Any) -> None:
    picked = exactly(value).pick()
    assert picked == value
    assert type(picked) is type(value)
    assert value in exactly(value)
    assert value not in ~exactly(value)
    assert exactly(value) & ~exactly(value) == NO_VALUES


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Plain.TRUE, True),
        (Plain.FALSE, False),
        (Plain.NULL, None),
        (Plain.EMPTY_OBJECT, {}),
        (Plain.FULL_OBJECT, {"a": 1}),
        (Plain.MISSING, ABSENT),
    ],
)
def test_a_kind_gives_a_value_of_its_own(kind: Plain, value: Any) -> None:
    assert ValueSet(kind).pick() == value
    assert value in ValueSet(kind)
    assert [other for other in Plain if value in ValueSet(other)] == [kind]


def test_nothing_is_picked_from_the_empty_set() -> None:
    assert NO_VALUES.pick() is NO_VALUE
    assert only(ABSENT).pick() is ABSENT


@given(st.sets(st.sampled_from([*SCALARS[:3], None, "a", "b", 1, 2])), st.booleans())
def test_what_is_picked_is_in_the_set(values: set[Any], inverted: bool) -> None:
    whole = NO_VALUES
    for value in values:
        whole |= exactly(value)
    chosen = ~whole if inverted else whole
    picked = chosen.pick()
    assert picked is NO_VALUE if not values and not inverted else picked in chosen
