"""Every example of every function gives the result that its page says."""

from __future__ import annotations

import pytest

import rulewright
from rulewright.runtime.function import Example
from rulewright.runtime.functions import FUNCTIONS

_EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name, function in FUNCTIONS.items()
    for number, example in enumerate(function.examples)
]


@pytest.mark.parametrize("example", _EXAMPLES)
def test_example(example: Example) -> None:
    result = rulewright.compile_expression(example.expression)(example.event)
    assert result == example.result
    assert type(result) is type(example.result)
