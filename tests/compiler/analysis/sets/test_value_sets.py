"""Sets of values: what is picked from one is in it, and comparisons with a constant are what they are at run time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rulewright.compiler import ir
from rulewright.compiler.analysis.sets.numbers import Order
from rulewright.compiler.analysis.sets.values import (
    NO_VALUE,
    NO_VALUES,
    Plain,
    ValueSet,
    compared,
    exactly,
    holding,
    only,
)
from rulewright.compiler.interpret import Interpreter
from rulewright.runtime.semantics import comparison
from rulewright.runtime.semantics.missing import MISSING

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
        (Plain.MISSING, MISSING),
    ],
)
def test_a_kind_gives_a_value_of_its_own(kind: Plain, value: Any) -> None:
    assert ValueSet(kind).pick() == value
    assert value in ValueSet(kind)
    assert [other for other in Plain if value in ValueSet(other)] == [kind]


def test_nothing_is_picked_from_the_empty_set() -> None:
    assert NO_VALUES.pick() is NO_VALUE
    assert only(MISSING).pick() is MISSING


@given(st.sets(st.sampled_from([*SCALARS[:3], None, "a", "b", 1, 2])), st.booleans())
def test_what_is_picked_is_in_the_set(values: set[Any], inverted: bool) -> None:
    whole = NO_VALUES
    for value in values:
        whole |= exactly(value)
    chosen = ~whole if inverted else whole
    picked = chosen.pick()
    assert picked is NO_VALUE if not values and not inverted else picked in chosen


OPERATORS: list[Order] = ["=", "!=", "<", "<=", ">", ">="]
constants = st.sampled_from([*SCALARS, None, 1, 1.0, 2, "1", "true"]) | st.integers() | st.floats(-1e9, 1e9) | st.text()
values = st.recursive(
    constants | st.just(MISSING),
    lambda inner: (
        st.lists(inner.filter(lambda item: item is not MISSING), max_size=3)
        | st.dictionaries(st.text(max_size=2), inner.filter(lambda item: item is not MISSING), max_size=2)
    ),
    max_leaves=4,
)


@given(st.sampled_from(OPERATORS), values, constants)
@example("!=", 5, "a")
@example("!=", "a", 5)
@example("!=", 0, True)
@example("!=", MISSING, True)
def test_a_comparison_with_a_constant_has_the_set_of_values_for_which_it_holds(
    operator: Order, value: Any, constant: Any
) -> None:
    condition = ir.Compare(operator, ir.Read(ir.EVENT, ("x",)), ir.Constant(constant))
    for compared_value in (value, constant):
        event = {} if compared_value is MISSING else {"x": compared_value}
        assert (compared_value in compared(operator, constant)) == Interpreter({}).value(condition, event)


@given(values, constants)
def test_membership_has_the_set_of_lists_for_which_it_holds(value: Any, constant: Any) -> None:
    for items in (value, [value], [constant, value]):
        if MISSING not in (items if isinstance(items, list) else ()):
            assert (items in holding(constant)) == comparison.contained(constant, items)
