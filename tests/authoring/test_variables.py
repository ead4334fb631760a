"""The places of a variable of a comprehension, however its item is written."""

from __future__ import annotations

import pytest

from rulewright.authoring.nodes import walk
from rulewright.authoring.symbols import tree_of
from rulewright.authoring.variables import declaration, variable_at
from rulewright.dsl import ast


@pytest.mark.parametrize(
    "value",
    [
        "[ p.price for p in properties.products ]",
        "[ (p.price) for p in properties.products ]",
        "[ ((p.price) ) # for each\n for p in (properties.products) ]",
        r'"{{ join([ p.price + \"x\" for p in properties.products ], \",\") }}"',
    ],
)
def test_the_variable_is_found_behind_any_item(value: str) -> None:
    text = f'mapping "Orders" -> track {{\n  when type = "track"\n  prices = {value}\n}}\n'
    tree = tree_of(text)
    [comprehension] = [node for node in walk(tree) if isinstance(node, ast.Comprehension)]
    declared = declaration(comprehension)
    assert declared is not None
    assert (declared.text, declared.start) == ("p", text.index("for p") + len("for "))
    variable = variable_at(tree, text.index("p.price"))
    assert variable is not None
    assert [span.text for span in variable.uses()] == ["p", "p"]
