"""Whether a value is plain JSON within limits: what C says, what Python says, and what the encoder then writes."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.encoding import usual_json
from rulewright.runtime.native import native
from rulewright.runtime.semantics.plain import MOST_LEVELS, _is_json, _is_plain, _surely_fits, is_json, is_plain
from tests.native_part import needs_native
from tests.strategies import json_values, odd_values


class Text(str):
    pass


class Color(StrEnum):
    RED = "red"


class Size(IntEnum):
    SMALL = 1


def nested(levels: int, *, lists: bool = False) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = {"in": [value]} if lists else {"in": value}
    return value


PLAIN: list[Any] = [
    *(None, True, False, 0, -(2**63), 2**63 - 1, 1.5, -0.0, 1.7976931348623157e308, "", "é", "中", "😀", [], {}),
    *("x" * 10, "😀" * 10, {"x" * 100: 1}, [{"a": [1]}, "b"], nested(3)),
]
NOT_PLAIN: list[Any] = [
    *("x" * 11, "中" * 11, {"a": ["x" * 11]}, [[1]], {"a": [1, []]}, nested(4), nested(2, lists=True)),
    *(float("nan"), float("inf"), [float("-inf")]),
    *((), (1,), {1: 2}, {None: 1}, {"a": {1}}, b"x", bytearray(b"x"), object(), int, len),
    *(Decimal(1), datetime(2024, 1, 1), UUID(int=0), Text("a"), Color.RED, Size.SMALL, [Size.SMALL]),
    *(type("Dict", (dict,), {})(), type("List", (list,), {})(), type("Int", (int,), {})(1)),
]


@pytest.mark.parametrize("check", [is_plain, _is_plain], ids=["shipped", "python"])
def test_a_plain_value_is_told_from_any_other(check: Any) -> None:
    assert [value for value in PLAIN if not check(value, 10, 3, False)] == []
    assert [value for value in NOT_PLAIN if check(value, 10, 3, False)] == []


@pytest.mark.parametrize("check", [is_plain, _is_plain], ids=["shipped", "python"])
def test_what_is_nested_is_looked_at_to_a_fixed_depth(check: Any) -> None:
    cycle: dict[str, Any] = {}
    cycle["in"] = [cycle]
    assert check(nested(MOST_LEVELS), 10, 1000, True)
    assert not check(nested(MOST_LEVELS + 1), 10, 1000, True)
    assert not check(cycle, 10, 1000, True)
    lists: list[Any] = []
    for _ in range(100_000):
        lists = [lists]
    assert not check(lists, 10, 1000, True)


@pytest.mark.parametrize("check", [is_json, _is_json], ids=["shipped", "python"])
def test_json_is_plain_without_limits(check: Any) -> None:
    wide: Any = [["x" * 5000]]
    assert all(map(check, [*PLAIN, wide, nested(MOST_LEVELS)]))
    odd = [value for value in NOT_PLAIN if not is_plain(value, 10_000, 1000, True)]
    assert len(odd) > 20
    assert not any(map(check, [*odd, nested(MOST_LEVELS + 1)]))


@needs_native
@settings(max_examples=400, deadline=None)
@given(json_values | odd_values, st.integers(0, 12), st.integers(-1, 5), st.booleans())
def test_c_says_what_python_says(value: Any, longest: int, levels: int, nested_lists: bool) -> None:
    assert native.is_plain(value, longest, levels, nested_lists) == _is_plain(value, longest, levels, nested_lists)
    assert native.is_json(value) == _is_json(value)


@settings(max_examples=400, deadline=None)
@given(json_values | odd_values)
def test_a_plain_value_is_written_as_it_is(value: Any) -> None:
    if is_plain(value, 1024, 40, True) and (text := usual_json(value)) is not None:
        assert orjson.loads(text) == value


TEXTS = st.text(st.characters(), max_size=12) | st.sampled_from(["\ud800", "中\udfff", "😀\udc00", "\x00" * 10, "é"])
VALUES = st.recursive(
    TEXTS | st.integers(-(2**70), 2**70) | json_values | odd_values,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


@needs_native
@settings(max_examples=600, deadline=None)
@given(VALUES, st.integers(0, 12), st.integers(0, 6), st.integers(0, 2_000))
def test_what_surely_fits_is_plain_and_the_encoder_writes_it_in_as_many_bytes(
    value: Any, longest: int, levels: int, most_bytes: int
) -> None:
    if native.surely_fits(longest, levels, most_bytes, value):
        text = usual_json(value)
        assert _is_plain(value, longest, levels, False)
        assert text is not None
        assert len(text) <= most_bytes


@needs_native
@pytest.mark.parametrize(
    ("value", "fits"),
    [
        *(("x" * 10, True), ("x" * 11, False), (["x", {"a": [1]}], True), ([[1]], False), (nested(4), False)),
        *((2**63 - 1, True), (-(2**63), True), (2**63, False), ({"a": [-(2**63) - 1]}, False)),
        *(("é", True), ("中", True), ("😀", True), ("\ud800", False), ("中\udfff", False), ("😀\udc00", False)),
        *(({"\ud800": 1}, False), ({1: 1}, False), (float("nan"), False), (Text("a"), False)),
        *((["x" * 10] * 10, True), (["x" * 10] * 30, False), ({"k" * 500: 1}, False), ([None] * 40, False)),
    ],
)
def test_what_fits_in_a_thousand_bytes(value: Any, fits: bool) -> None:
    assert native.surely_fits(10, 3, 1_000, value) is fits


def test_in_python_the_encoder_says_what_fits() -> None:
    assert not _surely_fits(1_000, 40, 1_000_000, {})


@needs_native
def test_limits_that_are_not_numbers_are_refused() -> None:
    for arguments in [("a", 1, 1, {}), (1, "a", 1, {}), (1, 1, "a", {}), (1, 1, 2**70, {}), (1, 1, {})]:
        with pytest.raises((TypeError, OverflowError)):
            native.surely_fits(*arguments)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        native.is_plain({}, "a", 1, False)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        native.is_plain({})  # type: ignore[call-arg]
