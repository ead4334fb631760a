"""Laws that hold for every function on every JSON value: it ends, it changes nothing, it fails in a sentence or not."""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from math import inf, isfinite, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.functions import FUNCTIONS
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.runtime.semantics.missing import MISSING, Missing

_SCALARS = (
    st.none()
    | st.just(MISSING)
    | st.booleans()
    | st.sampled_from([0, -0.0, 2**53, 10**400, 1e308, 5e-324, nan, inf, -inf])
    | st.integers()
    | st.floats()
    | st.sampled_from(["", " ", "a,b", "2024-05-01", "[1]", "{", "\ud800", "😀", "%", "12,50", "Infinity", "url"])
    | st.text(st.characters(), max_size=8)
)
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def arguments_of(name: str) -> st.SearchStrategy[list[Any]]:
    parameters = FUNCTIONS[name].parameters
    least = sum(parameter.default is None for parameter in parameters)
    most = len(parameters) + 2 * parameters[-1].variadic
    return st.lists(_VALUES, min_size=least, max_size=most)


def is_value(value: Any) -> bool:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, dict):
            if not all(isinstance(key, str) for key in item):
                return False
            pending.extend(item.values())
        elif isinstance(item, list):
            pending.extend(item)
        elif not (item is None or isinstance(item, str | int | float | Missing)):
            return False
    return True


@pytest.mark.parametrize("name", FUNCTIONS)
@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.data())
def test_any_arguments_give_a_value_or_a_sentence(name: str, data: st.DataObject) -> None:
    arguments = data.draw(arguments_of(name))
    before = copy.deepcopy(arguments)
    try:
        result = FUNCTIONS[name].call(*arguments)
    except ValueFailure as failure:
        assert FUNCTIONS[name].fails
        assert str(failure)
    else:
        assert is_value(result)
    assert repr(arguments) == repr(before)


def deep(inner: Any, make: Any) -> Any:
    for _ in range(5_000):
        inner = make(inner)
    return inner


_DEEP = {
    "lists": deep([], lambda inner: [inner]),
    "objects": deep({"x": None}, lambda inner: {"a": inner}),
    "JSON": "[" * 100_000 + "]" * 100_000,
}


@pytest.mark.parametrize("shape", _DEEP)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_any_depth_gives_a_value_or_a_short_failure(name: str, shape: str) -> None:
    function = FUNCTIONS[name]
    rest = ["a" for parameter in function.parameters[1:] if parameter.default is None]
    try:
        function.call(_DEEP[shape], *rest)
    except ValueFailure as failure:
        assert len(str(failure)) < 200


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.floats(-1e15, 1e15, allow_nan=False), st.integers(0, 15))
def test_rounding_is_near_and_final(value: float, digits: int) -> None:
    rounded = FUNCTIONS["round"].call(value, digits)
    assert isfinite(rounded)
    assert abs(rounded - value) <= 0.5 * 10**-digits + abs(value) * 1e-15
    assert FUNCTIONS["round"].call(rounded, digits) == rounded


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.datetimes(timezones=st.just(UTC)))
def test_a_time_reads_back_from_its_text(time: datetime) -> None:
    text = FUNCTIONS["format_time"].call(time.isoformat())
    assert text == time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert FUNCTIONS["timestamp_ms"].call(text) == FUNCTIONS["timestamp_ms"].call(time.isoformat())
