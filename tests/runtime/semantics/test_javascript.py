"""JavaScript's conversions agree with the tables that Node wrote."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from decimal import Decimal, localcontext
from math import inf, isfinite, isnan, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.semantics import javascript
from rulewright.runtime.semantics.missing import MISSING
from tests.paths import DATA

_SPECIAL = {"NaN": nan, "Infinity": inf, "-Infinity": -inf, "-0": -0.0}
_TABLES: dict[str, list[list[Any]]] = json.loads((DATA / "javascript.json").read_text(encoding="utf-8"))
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "number_text": javascript.number_text,
    "text_to_number": javascript.text_to_number,
    "text": javascript.text,
    "template_text": javascript.template_text,
    "equals_empty_text": javascript.equals_empty_text,
    "json_text": javascript.json_text,
    "unit_count": javascript.unit_count,
    "trim": lambda text: text.strip(javascript.WHITESPACE),
}


def held(value: Any) -> Any:
    """The value that a cell of the table stands for."""
    if isinstance(value, list):
        return [held(item) for item in value]
    if isinstance(value, dict):
        return _SPECIAL[value["$"]] if "$" in value else {key: held(item) for key, item in value["entries"]}
    return value


def test_every_table_is_used() -> None:
    assert _TABLES.keys() == _FUNCTIONS.keys()


@pytest.mark.parametrize("rule", _TABLES)
def test_node_agrees(rule: str) -> None:
    for given_value, expected in ((held(cell), held(answer)) for cell, answer in _TABLES[rule]):
        result = _FUNCTIONS[rule](given_value)
        if isinstance(expected, float) and isnan(expected):
            assert isnan(result), given_value
        else:
            assert result == expected, given_value
            assert isinstance(result, bool) == isinstance(expected, bool), given_value


def _slow_number_text(value: float) -> str:
    """Number::toString by its definition: the fewest digits that read back, and among those the nearest."""
    exact = Decimal(abs(value))
    with localcontext(prec=1200):
        for count in range(1, 18):
            unit = Decimal(1).scaleb(exact.adjusted() + 1 - count)
            below = int(exact / unit)
            near = [n for n in (below, below + 1) if float(n * unit) == abs(value)]
            if near:
                break
        nearest = min(near, key=lambda n: abs(n * unit - exact))
    point = (nearest * unit).adjusted() + 1
    digits = str(nearest).rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        body = digits.ljust(point, "0")
    elif 0 < point <= 21:
        body = digits[:point] + "." + digits[point:]
    elif -6 < point <= 0:
        body = "0." + "0" * -point + digits
    else:
        sign = "+" if point > 0 else "-"
        body = digits[0] + ("." + digits[1:] if count > 1 else "") + f"e{sign}{abs(point - 1)}"
    return ("-" if value < 0 else "") + body


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.binary(min_size=8, max_size=8).map(lambda bits: struct.unpack("<d", bits)[0]) | st.floats())
def test_number_text_is_the_shortest_that_reads_back(value: float) -> None:
    if not isfinite(value) or value == 0:
        return
    assert javascript.number_text(value) == _slow_number_text(value)
    assert javascript.text_to_number(javascript.number_text(value)) == value


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers(-(2**53), 2**53), st.integers(0, 3))
def test_an_integer_and_its_double_have_one_text(value: int, shift: int) -> None:
    number = value >> (shift * 10)
    assert javascript.number_text(number) == javascript.number_text(float(number)) == str(number)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.integers() | st.integers(2**53, 2**64) | st.integers(4, 5000).map(lambda digits: 10**digits - 1))
def test_a_whole_number_keeps_all_its_digits(value: int) -> None:
    digits = str(Decimal(value))
    assert javascript.number_text(value) == digits
    assert javascript.text([value]) == javascript.template_text(value) == digits
    assert javascript.json_text({"id": [value]}) == f'{{"id":[{digits}]}}'
    if len(digits) <= 308:
        assert javascript.exact_number(digits) == value


def test_a_float_is_the_double_that_javascript_has() -> None:
    whole = [157963456373623809.0, 1e20, 1e21, -0.0, 1.5e300]
    texts = ["157963456373623800", "100000000000000000000", "1e+21", "0", "1.5e+300"]
    assert [javascript.number_text(value) for value in whole] == texts
    assert javascript.number_text(10**21) == "1" + "0" * 21


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("157963456373623809", 157963456373623809),
        (" -9007199254740993 ", -9007199254740993),
        ("+007", 7),
        ("-0", 0),
        ("9007199254740993.0", 9007199254740992),
        ("1e17", 1e17),
        ("9" * 309, inf),
        ("", 0),
        ("0x1F", 31),
    ],
)
def test_a_text_of_digits_is_an_exact_number(text: str, expected: float) -> None:
    assert javascript.exact_number(text) == expected
    assert isnan(javascript.exact_number("12a"))


_JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(2**53, 2**64) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(_JSON_VALUES)
def test_json_text_reads_back_as_the_value(value: Any) -> None:
    text = javascript.json_text(value)
    assert isinstance(text, str)
    assert json.loads(text) == value


def test_missing_is_undefined() -> None:
    assert javascript.text(MISSING) == "undefined"
    assert javascript.text([1, MISSING, 2]) == "1,,2"
    assert javascript.template_text(MISSING) == ""
    assert javascript.equals_empty_text(MISSING) is False
    assert javascript.json_text(MISSING) is MISSING
    assert javascript.json_text({"a": MISSING, "b": [MISSING]}) == '{"b":[null]}'


def test_depth_has_no_bound() -> None:
    deep: Any = []
    for _ in range(20_000):
        deep = [deep]
    assert javascript.text(deep) == ""
    text = javascript.json_text({"a": deep})
    assert isinstance(text, str)
    assert len(text) == 2 * 20_001 + len('{"a":}')


@pytest.mark.parametrize(
    ("text", "expected"), [("é", b"\xc3\xa9"), ("a\ud800b", b"a\xef\xbf\xbdb"), ("😀", "😀".encode())]
)
def test_text_always_has_bytes(text: str, expected: bytes) -> None:
    assert javascript.utf8(text) == expected


def test_units_of_a_text() -> None:
    assert javascript.units("aé") == ["a", "é"]
    assert javascript.units("😀") == ["\ufffd", "\ufffd"]
