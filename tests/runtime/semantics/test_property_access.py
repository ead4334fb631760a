"""A property is read from anything as `value && value[key]` reads it, and from nothing but the value."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.semantics.missing import MISSING
from rulewright.runtime.semantics.property_access import read, readable

_READS: list[tuple[Any, str | int, Any]] = [
    ({"a": 1}, "a", 1),
    ({"a": None}, "a", None),
    ({"a": 1}, "b", MISSING),
    ({"0": "x"}, 0, "x"),
    ({"a": 1}, 0, MISSING),
    ({"length": 9}, "length", 9),
    ({}, "length", MISSING),
    ([7, 8], 0, 7),
    ([7, 8], "1", 8),
    ([7, 8], 2, MISSING),
    ([7, 8], -1, MISSING),
    ([7, 8], "-1", MISSING),
    ([7, 8], "01", MISSING),
    ([7, 8], "1.0", MISSING),
    ([7, 8], "٠", MISSING),
    ([7, 8], "99999999999", MISSING),
    ([7, 8], "length", 2),
    ([], "length", 0),
    ([7], "append", MISSING),
    ("abc", 0, "a"),
    ("abc", "2", "c"),
    ("abc", 3, MISSING),
    ("abc", "x", MISSING),
    ("abc", "length", 3),
    ("abc", "upper", MISSING),
    ("aéb", 2, "b"),
    ("aéb", 4, MISSING),
    ("a😀b", "length", 4),
    ("a😀b", 3, "b"),
    ("a😀b", 1, "\ufffd"),
    ("", "length", ""),
    ("", 0, ""),
    (None, "a", None),
    (False, "a", False),
    (0, "a", 0),
    (0.0, 3, 0.0),
    (True, "a", MISSING),
    (5, "real", MISSING),
    (2.5, 0, MISSING),
    (MISSING, "a", MISSING),
]


@pytest.mark.parametrize(("value", "key", "expected"), _READS)
def test_one_step(value: Any, key: str | int, expected: Any) -> None:
    result = readable(value).get(key, MISSING)
    assert result == expected
    assert type(result) is type(expected)
    assert read(value, (key,)) == expected


def test_not_a_number_is_readable() -> None:
    assert isnan(readable(nan).get("a"))


def test_get_returns_none_unless_a_default_is_given() -> None:
    assert readable({}).get("a") is None
    assert readable(True).get("a", "other") == "other"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ((), {"a": {"b": [{"c": "xyz"}]}, "n": None, "e": ""}),
        (("a", "b", 0, "c"), "xyz"),
        (("a", "b", "0", "c", "1"), "y"),
        (("a", "b", "length"), 1),
        (("a", "x", "c"), MISSING),
        (("n", "anything", "at", "all"), None),
        (("e", "length"), ""),
    ],
)
def test_many_steps(steps: tuple[str | int, ...], expected: Any) -> None:
    event = {"a": {"b": [{"c": "xyz"}]}, "n": None, "e": ""}
    assert read(event, steps) == expected


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(["length", "0", "1", "a", "__class__", "get", "", "-1", "1e0"]) | st.integers(-2, 3)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(_VALUES, st.lists(_KEYS, max_size=4))
def test_every_read_gives_a_json_value(value: Any, steps: list[str | int]) -> None:
    result = read(value, steps)
    assert result is MISSING or result is None or isinstance(result, str | int | float | list | dict)
