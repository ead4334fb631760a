"""Every example of every function gives the result that its page says."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.dsl import ast
from rulewright.dsl.source import Source
from rulewright.dsl.text_to_ast import read_expression
from rulewright.runtime.function import Example
from rulewright.runtime.functions import FUNCTIONS
from rulewright.runtime.missing import MISSING
from rulewright.runtime.readable import read

_EXAMPLES = [
    pytest.param(example, id=f"{name}-{number}")
    for name, function in FUNCTIONS.items()
    for number, example in enumerate(function.examples)
]


def evaluated(node: ast.Expression, event: Any) -> Any:
    """The value of an expression that is made of calls, paths, literals, objects and lists."""
    match node:
        case ast.Literal(value):
            return value
        case ast.Path(steps):
            return read(event, steps)
        case ast.List(items):
            return [evaluated(item, event) for item in items]
        case ast.Object(entries):
            return {entry.key: evaluated(entry.value, event) for entry in entries}
        case ast.Call(name, arguments):
            function = FUNCTIONS[name]
            return function.call(*(evaluated(argument, event) for argument in arguments))
    raise AssertionError(node)


@pytest.mark.parametrize("example", _EXAMPLES)
def test_example(example: Example) -> None:
    node, diagnostics = read_expression(Source("example", example.expression))
    assert not diagnostics
    assert node is not None
    result = evaluated(node, example.event)
    assert result == example.result
    assert type(result) is type(example.result)
    assert (result is MISSING) == (example.result is MISSING)
