"""A value that a function cannot take is refused in one sentence that shows it."""

from __future__ import annotations

from math import inf, nan
from typing import Any

import pytest

from rulewright.runtime.functions import FUNCTIONS
from rulewright.runtime.semantics.failure import ValueFailure
from rulewright.runtime.semantics.missing import MISSING

_REFUSALS: list[tuple[str, tuple[Any, ...], str]] = [
    ("number", ("12,50",), '"12,50" is not a number'),
    ("number", ("",), '"" is not a number'),
    ("number", ("  ",), '"  " is not a number'),
    ("number", ("Infinity",), '"Infinity" is not a number'),
    ("number", (True,), "true is not a number"),
    ("number", ([5],), "[5] is not a number"),
    ("bool", ("yes",), '"yes" is neither true nor false'),
    ("bool", ({},), "{} is neither true nor false"),
    ("string", ({"a": 1},), '{"a":1} is an object, not a string'),
    ("length", (5,), "5 is a number, not a string or a list"),
    ("length", ({},), "{} is an object, not a string or a list"),
    ("replace", ("a", "", "b"), "an empty text cannot be replaced"),
    ("concat", (["a"], "b"), '"b" is a string, not a list'),
    ("split", (["a"], ","), '["a"] is a list, not a string'),
    ("split", ("a", None), "null is not a string"),
    ("split", ("a", 5), "5 is a number, not a string"),
    ("join", ("a",), '"a" is a string, not a list'),
    ("join", (["a"], {}), "{} is an object, not a string"),
    ("slice", ({}, 0), "{} is an object, not a string"),
    ("slice", ("abc", 0.5), "0.5 is not a whole number"),
    ("slice", ("abc", MISSING), "missing is not a number"),
    ("slice", ("abc", "1"), '"1" is a string, not a number'),
    ("flatten", ({}, 5), "5 is a number, not a string"),
    ("pick", ("a", "k"), '"a" is a string, not an object'),
    ("pick", ({}, None), "null is not a string"),
    ("without", (["a"], "k"), '["a"] is a list, not an object'),
    ("keys", ("a",), '"a" is a string, not an object'),
    ("values", (5,), "5 is a number, not an object"),
    ("first", ({},), "{} is an object, not a list"),
    ("last", ("abc",), '"abc" is a string, not a list'),
    ("sum", ([1, "2"],), '"2" is a string, not a number'),
    ("sum", ([1, True],), "true is a bool, not a number"),
    ("sum", ([1e308, 1e308],), "Infinity is not a finite number"),
    ("sum", ([10**400, 0.5],), "1" + "0" * 58 + "… is not a finite number"),
    ("min", ([[1]],), "[1] is a list, not a number"),
    ("max", ("2", 3), '"2" is a string, not a number'),
    ("round", ("2.5",), '"2.5" is a string, not a number'),
    ("round", (2.5, 16), "16 is not a count of digits from 0 to 15"),
    ("round", (2.5, -1), "-1 is not a count of digits from 0 to 15"),
    ("floor", (nan,), "NaN is not a finite number"),
    ("ceil", (inf,), "Infinity is not a finite number"),
    ("abs", (False,), "false is a bool, not a number"),
    ("integer", ("12,50",), '"12,50" is not a number'),
    ("integer", (1e300,), "1e+300 is too large for a whole number"),
    ("integer", (-inf,), "-Infinity is not a finite number"),
    ("sha256", ([],), "[] is a list, not a string"),
    ("md5", ({},), "{} is an object, not a string"),
    ("uuid5", ("a", "web"), '"web" is neither a UUID nor one of dns, oid, url, x500'),
    ("uuid5", ("a", MISSING), "missing is neither a UUID nor one of dns, oid, url, x500"),
    ("uuid5", ("a", ["url"]), '["url"] is neither a UUID nor one of dns, oid, url, x500'),
    ("parse_url", ("http://a:b",), '"http://a:b" is not a web address'),
    ("parse_url", ("http://[::1",), '"http://[::1" is not a web address'),
    ("timestamp_ms", ("yesterday",), '"yesterday" is not a time'),
    ("timestamp_ms", ("",), '"" is not a time'),
    ("timestamp_ms", ("2024-13-01",), '"2024-13-01" is not a time'),
    ("timestamp_ms", ("2023-02-29T00:00Z",), '"2023-02-29T00:00Z" is not a time'),
    ("timestamp_ms", ("2024-01-01T24:01Z",), '"2024-01-01T24:01Z" is not a time'),
    ("timestamp_ms", ("2024-01-01T00:60Z",), '"2024-01-01T00:60Z" is not a time'),
    ("timestamp_ms", ("2024-01-01T00:00:60Z",), '"2024-01-01T00:00:60Z" is not a time'),
    ("timestamp_ms", ("2024-01-01T00:00+24:00",), '"2024-01-01T00:00+24:00" is not a time'),
    ("timestamp_ms", ("2024-01-01T00:00+0160",), '"2024-01-01T00:00+0160" is not a time'),
    ("timestamp_ms", (True,), "true is a bool, not a time"),
    ("timestamp_ms", ([],), "[] is a list, not a time"),
    ("timestamp_ms", (nan,), "NaN is not a finite number"),
    ("timestamp_ms", ("9" * 400,), '"' + "9" * 58 + "… is not a time"),
    ("format_time", ("x",), '"x" is not a time'),
    ("format_time", (1e17,), "100000000000000000 is not a time in the years from 1 to 9999"),
    ("format_time", (-1e14,), "-100000000000000 is not a time in the years from 1 to 9999"),
    ("format_time", (0, "%Q"), "`%Q` is not a part of a time"),
    ("format_time", (0, "100%"), "`%` is not a part of a time"),
    ("format_time", (0, None), "null is not a string"),
]


@pytest.mark.parametrize(("name", "arguments", "sentence"), _REFUSALS)
def test_refusal(name: str, arguments: tuple[Any, ...], sentence: str) -> None:
    function = FUNCTIONS[name]
    assert function.fails
    with pytest.raises(ValueFailure) as failure:
        function.call(*arguments)
    assert str(failure.value) == sentence


def test_a_long_value_is_cut() -> None:
    with pytest.raises(ValueFailure) as failure:
        FUNCTIONS["number"].call("x" * 500)
    assert str(failure.value) == '"' + "x" * 58 + "… is not a number"
