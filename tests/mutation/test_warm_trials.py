"""Quick trials: a fault in a function is noticed by its tests, and one that cannot be put in is not called survived."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.paths import ROOT

_TRIALS = """
import ast, json
from pathlib import Path
from mutation.warm import WarmTests

file = "runtime/counted.py"
text = Path(file).read_text()
tests = WarmTests(["tests/runtime/test_counted.py"])
names = json.loads(Path("/dev/stdin").read_text())
changes = [("", ""), ("{count:,}", "{count}!"), ('return "th"', 'return "rd"'), ("def ", "def not_")]
print(json.dumps([
    tests.try_mutant(file, ast.parse(text.replace(was, changed)), names, 30).value for was, changed in changes
]))
"""


def test_a_fault_is_noticed_and_one_that_nobody_tried_is_not_called_survived() -> None:
    names = ["tests/runtime/test_counted.py::test_a_count_has_the_plural_of_its_noun[1-1 event]"]
    done = subprocess.run(
        [sys.executable, "-c", _TRIALS], cwd=ROOT, input=json.dumps(names), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == ["untried", "killed", "survived", "untried"]
