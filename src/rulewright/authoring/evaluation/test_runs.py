"""Runs one test of the rules in an editor."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ...dsl.rule_error import RuleError
from ...loading.pipeline import SettingsRefused
from ...printable import printable
from ...testing.report.as_text import failure
from ...testing.runner import CaseResult, run_suite
from ...testing.suite.suite import rules_of, suite_of
from .evaluator import Evaluator


@dataclass(frozen=True, slots=True)
class TestRun:
    """The result of a test with all its cases."""

    passed: bool
    sentence: str
    """One line for a list."""
    text: str
    """The sentence, and for each failure the expected and the actual value and the lines of the rules behind it."""
    command: str
    """The command line that says the same."""


class TestRunner:
    """Runs tests again and again while somebody writes them."""

    def __init__(self) -> None:
        self._evaluators: dict[Path, Evaluator] = {}

    def run(self, path: Path, name: str, texts: Mapping[Path, str]) -> TestRun:
        """A test of a rule file, or of the file of tests beside it, with `texts` in place of what the files hold."""
        rules_path = rules_of(path)
        command = shlex.join(["rulewright", "test", str(rules_path), "-k", name])
        evaluator = self._evaluators.setdefault(rules_path, Evaluator(rules_path))
        try:
            suite = suite_of(rules_path, evaluator.rules(texts))
            results = run_suite(suite, lambda trial: trial == name or trial.startswith(f"{name} › ")).results
        except RuleError as error:
            return _not_run(error.first, command)
        except SettingsRefused as error:
            return _not_run(str(error), command)
        return _run(name, results, command) if results else _not_run(f'there is no test "{name}"', command)


def _not_run(reason: str, command: str) -> TestRun:
    sentence = printable(f"not run: {reason}")
    return TestRun(False, sentence, sentence, command)


def _run(name: str, results: list[CaseResult], command: str) -> TestRun:
    failed = [result for result in results if not result.passed]
    if not failed:
        sentence = "passed" if len(results) == 1 else f"{len(results)} cases passed"
        return TestRun(True, sentence, printable(f"{name}: {sentence}"), command)
    miss = failed[0].misses[0]
    reason = f"expected {miss.expected}, got {miss.got}" if miss.expected and miss.got else miss.text
    sentence = printable(f"failed: {reason}")
    lines = [line for result in failed for line in failure(result, lambda text, style: text)]
    return TestRun(False, sentence, "\n".join(lines), command)
