"""A value that a function cannot take is refused in one sentence that shows it."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.runtime.function import ValueFailure
from rulewright.runtime.functions import FUNCTIONS

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
