"""Every page under functions/ is whole: a name, a sentence, examples of the ordinary and of the odd."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys

import pytest

from rulewright.runtime.function import Function
from rulewright.runtime.functions import FUNCTIONS
from rulewright.runtime.semantics.missing import MISSING

_PAGES = pytest.mark.parametrize("name", FUNCTIONS)


@_PAGES
def test_a_page_defines_the_function_of_its_name(name: str) -> None:
    function = FUNCTIONS[name]
    assert isinstance(function, Function)
    assert function.name == name
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)


@_PAGES
def test_a_sentence_is_lower_case_and_has_no_full_stop(name: str) -> None:
    sentence = FUNCTIONS[name].sentence
    assert sentence
    assert not sentence.endswith(".")
    assert "\n" not in sentence
    assert not re.match(r"[A-Z][a-z]", sentence)


@_PAGES
def test_examples_call_the_function_and_show_nothing(name: str) -> None:
    examples = FUNCTIONS[name].examples
    assert len(examples) >= 3
    assert all(f"{name}(" in example.expression for example in examples)
    events = [example.event for example in examples]
    assert any(event == {} or None in event.values() for event in events if isinstance(event, dict))


@_PAGES
def test_the_parameters_are_those_of_the_implementation(name: str) -> None:
    function = FUNCTIONS[name]
    taken = list(inspect.signature(function.call).parameters.values())
    assert [parameter.variadic for parameter in function.parameters] == [
        parameter.kind is inspect.Parameter.VAR_POSITIONAL for parameter in taken
    ]
    assert [parameter.default is not None for parameter in function.parameters if not parameter.variadic] == [
        parameter.default is not inspect.Parameter.empty
        for parameter in taken
        if parameter.kind is not inspect.Parameter.VAR_POSITIONAL
    ]


@_PAGES
def test_missing_everywhere_is_taken_or_refused_in_a_sentence(name: str) -> None:
    function = FUNCTIONS[name]
    count = len(function.parameters)
    for value in (MISSING, None):
        try:
            function.call(*([value] * count))
        except ValueError as failure:
            assert function.fails
            assert str(failure)


IMPORTED = "import rulewright.runtime.functions.trim"
LOOKED_UP = "from rulewright.runtime.functions import FUNCTIONS; assert FUNCTIONS['trim'].name == 'trim'"


@pytest.mark.parametrize("read", [IMPORTED, LOOKED_UP])
def test_one_page_is_read_without_the_others(read: str) -> None:
    program = (
        f"import sys\n{read}\nprint(sum(name.startswith('rulewright.runtime.functions.') for name in sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "1"


def test_reading_all_pages_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom rulewright.runtime.functions import FUNCTIONS\n"
        "assert len(list(FUNCTIONS.values())) > 10\n"
        "print([name for name in ('liquid', 'pydantic', 'lark', 'jinja2') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_functions_are_in_the_order_of_their_names() -> None:
    assert list(FUNCTIONS) == sorted(FUNCTIONS)
    assert [function.name for function in FUNCTIONS.values()] == list(FUNCTIONS)


@pytest.mark.parametrize("name", ["ELSE", "__init__", "Trim", "../trim", ""])
def test_what_has_no_page_is_no_function(name: str) -> None:
    assert name not in FUNCTIONS
    assert FUNCTIONS.get(name) is None
    with pytest.raises(KeyError):
        FUNCTIONS[name]
