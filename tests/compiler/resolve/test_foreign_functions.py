"""Calls of other languages: each name leads to a function that exists here."""

from __future__ import annotations

import pytest

from rulewright.compiler.resolve.foreign_functions import _NAMES, native_call
from rulewright.dsl import ast
from rulewright.dsl.source import Source
from rulewright.dsl.syntax.reader import read_expression
from rulewright.runtime.functions import FUNCTIONS

SPECIAL_FORMS = {"if"}


@pytest.mark.parametrize("name", sorted(_NAMES))
def test_the_name_of_another_language_leads_to_a_function_of_this_one(name: str) -> None:
    call, problems = read_expression(Source("x", f"{name.upper()}(a, b)"))
    assert not problems
    assert isinstance(call, ast.Call)
    fix = native_call(call)
    assert fix is not None
    assert fix.replacement in FUNCTIONS.keys() | SPECIAL_FORMS
    assert fix.span.text == name.upper()
