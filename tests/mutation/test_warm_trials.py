"""Quick trials: a fault in a function is noticed by its tests, and one that cannot be put in is not called survived."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.paths import ROOT

_TRIALS = """
import ast, json
from pathlib import Path
from mutation.warm import WarmTests

file = "runtime/counted.py"
text = Path(file).read_text()
given = json.loads(Path("/dev/stdin").read_text())
tests = WarmTests(given["files"])
changes = [("", ""), ("{count:,}", "{count}!"), ('return "th"', 'return "rd"'), ("def ", "def not_")]
print(json.dumps([
    tests.try_mutant(file, ast.parse(text.replace(was, changed)), given["tests"], 30).value for was, changed in changes
]))
"""
_COUNTED = "tests/runtime/test_counted.py"
_COUNTED_TEST = f"{_COUNTED}::test_a_count_has_the_plural_of_its_noun[1-1 event]"
_FAILS_IN_A_FORK = """
import os
COLLECTED = os.getpid()
def test_the_process():
    assert os.getpid() == COLLECTED
"""


def verdicts(files: list[str], tests: list[str]) -> list[str]:
    """Of no change, a fault that the test of counts reaches, one that it does not, and of functions that are gone."""
    given = json.dumps({"files": files, "tests": tests})
    done = subprocess.run(
        [sys.executable, "-c", _TRIALS], cwd=ROOT, input=given, capture_output=True, text=True, check=True
    )
    found: list[str] = json.loads(done.stdout)
    return found


def test_a_fault_is_noticed_and_one_that_nobody_tried_is_not_called_survived() -> None:
    assert verdicts([_COUNTED], [_COUNTED_TEST]) == ["untried", "killed", "survived", "untried"]


def test_a_test_that_fails_without_a_fault_kills_none() -> None:
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:  # a test outside has no name
        file = Path(folder, "test_in_a_fork.py")
        file.write_text(_FAILS_IN_A_FORK)
        name = f"{file.relative_to(ROOT)}::test_the_process"
        assert verdicts([_COUNTED, str(file)], [name, _COUNTED_TEST]) == ["untried", "killed", "survived", "untried"]
