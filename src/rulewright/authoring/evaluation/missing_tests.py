"""Tests for what no test has tried, for the rules in an editor."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ...runtime.counted import counted
from ...testing.coverage.coverage import coverage_of
from ...testing.coverage.suggestions import Suggestions, suggest
from ...testing.runner import run_suite
from ...testing.suite.suite import rules_of, suite_of
from ...trace.traced_rules import TracedRules
from .evaluator import Evaluator


class MissingTests(NamedTuple):
    """Rule text with the tests, empty where nothing is missing, and a sentence on them."""

    text: str
    sentence: str


def missing_tests(path: Path, texts: Mapping[Path, str]) -> MissingTests:
    """The tests that are missing beside a rule file. Raises RuleError and SettingsRefused."""
    rules_path = rules_of(path)
    return tests_for(rules_path, Evaluator(rules_path).rules(texts))


def tests_for(path: Path, rules: TracedRules) -> MissingTests:
    """The same for rules that are compiled. Raises RuleError for tests with errors."""
    suite = suite_of(path, rules)
    coverage = coverage_of(run_suite(suite, lambda name: True))
    suggestions = suggest(coverage, [trial.test for trial in suite.trials])
    return MissingTests(suggestions.text(), _sentence(suggestions))


def _sentence(suggestions: Suggestions) -> str:
    left = len(suggestions.without)
    unfound = f"; no event was found for {left:,} more" if left else ""
    if not suggestions.tests:
        return (
            f"no test is missing{unfound}"
            if not left
            else f"no event was found for {left:,} untried parts of the rules"
        )
    return f"{counted(suggestions.count(), 'event')} for what is not tested yet{unfound}"
