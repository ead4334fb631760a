"""Mutants: what is changed, what is not, and how the tests for one are chosen."""

from __future__ import annotations

import ast

import pytest

from mutation.equivalent import equivalent_mutants
from mutation.operators import find_mutants, mutated
from mutation.trial import choose_tests
from tests.paths import ROOT

CHANGES = [
    ("x == 1", ["x != 1", "x == 2"]),
    ("a < b <= c", ["a <= b <= c", "a < b < c"]),
    ("x is None", ["x is not None"]),
    ("x in y", ["x not in y"]),
    ("a and b", ["a or b"]),
    ("not a", ["a"]),
    ("-a", ["a"]),
    ("a + b", ["a - b"]),
    ("a | b", ["a & b"]),
    ("x = True", ["x = False"]),
    ("x = 1.5", ["x = 2.5"]),
    ("x = 1e+300", ["x = 5e+299"]),
    ("x = 'text'", ["x = 'textXX'"]),
    ("None", []),
    ("f'{a}: {b:>5}'", ["f'{a}: XX{b:>5}'"]),
    ("b if a else c", ["b if not a else c"]),
    ("[x for x in y if x]", ["[x for x in y if not x]"]),
    ("if a:\n    break", ["if not a:\n    break", "if a:\n    continue"]),
    ("while a > b:\n    f()", ["while a >= b:\n    f()", "while a > b:\n    pass"]),
    ("raise ValueError(a)", ["pass"]),
    ("a += 1", ["a -= 1", "a += 2"]),
    ("return a", ["return None"]),
    ("return None", []),
    ("return True", ["return False"]),
    ("return", []),
    ("def f(a: int = 1) -> str:\n    ...", ["def f(a: int=2) -> str:\n    ..."]),
    ("@cached(1)\ndef f():\n    ...", []),
    ('def f():\n    """What it does."""', []),
    ("assert a == 1", []),
    ("raise AssertionError('never')", []),
    ("if TYPE_CHECKING:\n    f()", []),
    ("x = cast('int', a)", []),
    ("__all__ = ['a']", []),
    ("Kind: TypeAlias = Literal['a']", []),
    ("class A(B, total=1):\n    x: Literal['a']", ["class A(B, total=2):\n    x: Literal['a']"]),
]


@pytest.mark.parametrize(("code", "changed"), CHANGES, ids=[code for code, _ in CHANGES])
def test_one_thing_is_changed_at_a_time(code: str, changed: list[str]) -> None:
    mutants = [ast.unparse(mutated(code, mutant)) for mutant in find_mutants("a.py", code)]
    expected = [ast.unparse(ast.parse(text)) for text in changed]
    assert sorted(mutants) == sorted(expected)


def test_a_mutant_knows_its_line_and_keeps_its_name_when_the_line_moves() -> None:
    [mutant] = find_mutants("a.py", "x = a < b")
    [moved] = find_mutants("a.py", "\n\nx = a < b")
    assert (mutant.line, moved.line) == (1, 3)
    assert mutant.name == moved.name == "a.py: x = a < b: a < b -> a <= b"


def test_a_mutant_knows_whether_it_runs_at_import() -> None:
    source = "A = 1\ndef f(a=2):\n    b = 3\n    return lambda: 4\nC = lambda d=5: 6\n"
    at_import = {mutant.before: mutant.at_import for mutant in find_mutants("a.py", source) if mutant.before.isdigit()}
    assert at_import == {"1": True, "2": True, "3": False, "4": False, "5": True, "6": False}


def test_every_mutant_of_a_module_compiles() -> None:
    source = (ROOT / "mutation" / "operators.py").read_text()
    mutants = find_mutants("operators.py", source)
    assert len(mutants) > 40
    for mutant in mutants[::7]:
        compile(mutated(source, mutant), "operators.py", "exec")


def test_a_budget_goes_to_many_functions_before_many_cases_of_one() -> None:
    seconds = {"t.py::a[1]": 0.1, "t.py::a[2]": 0.2, "t.py::b": 0.3, "t.py::slow": 9.0, "t.py::unused": 0.0}
    tests = ["t.py::slow", "t.py::a[1]", "t.py::a[2]", "t.py::b", "t.py::not recorded"]
    assert choose_tests(tests, [], seconds, 0.5, "dates") == ["t.py::a[1]", "t.py::b"]
    assert choose_tests(tests, [], seconds, 1.0, "dates") == ["t.py::a[1]", "t.py::b", "t.py::a[2]"]
    assert choose_tests(["t.py::slow"], [], seconds, 1.0, "dates") == ["t.py::slow"], "one test at least"


def test_tests_that_are_named_after_a_module_come_first() -> None:
    seconds = {"t/test_other.py::a": 0.1, "t/test_dates.py::b": 0.5, "t/test_dates.py::b[2]": 0.6}
    assert choose_tests(list(seconds), [], seconds, 1.3, "dates") == [
        "t/test_dates.py::b",
        "t/test_dates.py::b[2]",
        "t/test_other.py::a",
    ]


def test_tests_that_reach_the_line_come_before_quicker_ones_beside_them() -> None:
    seconds = {"t.py::reaches": 0.5, "t.py::quick": 0.1, "t.py::quicker": 0.05}
    beside = ["t.py::quick", "t.py::quicker"]
    assert choose_tests(["t.py::reaches"], beside, seconds, 0.6, "dates") == ["t.py::reaches", "t.py::quicker"]


def test_each_equivalent_mutant_has_a_reason_and_a_file() -> None:
    listed = equivalent_mutants()
    assert listed
    for name, reason in listed.items():
        assert reason.endswith("."), reason
        assert name.partition(": ")[0].endswith(".py"), name
