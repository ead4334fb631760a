"""Test results as plain data, for programs."""

from __future__ import annotations

from typing import Any

from ...dsl.render.json import place_data
from ...runtime.semantics.missing import MISSING
from ..coverage.coverage import Coverage
from ..coverage.coverage_items import CoverageItem
from ..judging.causes import Because
from ..judging.differences import Difference
from ..judging.judge import Miss
from ..runner import CaseResult, SuiteResult
from .laws_as_json import law_as_json


def as_json(results: list[SuiteResult], coverages: list[Coverage]) -> dict[str, Any]:
    """All suites with their results and, if given, their coverage: what was tried, of how much, and what was not."""
    by_rules = {id(coverage.rules): coverage for coverage in coverages}
    count = sum(len(result.results) for result in results)
    failed = sum(len(result.failed) for result in results)
    suites = [_suite(result, by_rules.get(id(result.suite.rules))) for result in results]
    laws = [law for result in results for law in result.laws]
    broken = sum(not law.held for law in laws)
    return {"tests": count, "failed": failed, "laws": len(laws), "laws_failed": broken, "suites": suites}


def _suite(result: SuiteResult, coverage: Coverage | None) -> dict[str, Any]:
    return {
        "file": str(result.suite.path),
        "tests": [_test(test) for test in result.results],
        "laws": [law_as_json(law, place_data, _miss) for law in result.laws],
        "coverage": None if coverage is None else _coverage(coverage),
    }


def _test(result: CaseResult) -> dict[str, Any]:
    return {
        "name": result.trial.name,
        "place": place_data(result.trial.span),
        "passed": result.passed,
        "seconds": round(result.seconds, 6),
        "misses": [_miss(miss) for miss in result.misses],
        "warnings": [
            {"mapping": repair.mapping, "field": repair.field, "code": repair.code, "message": repair.message}
            for repair in result.repairs
        ],
    }


def _miss(miss: Miss) -> dict[str, Any]:
    return {
        "expectation": miss.text,
        "place": place_data(miss.span),
        "expected": miss.expected or None,
        "got": miss.got or None,
        "differences": [_difference(part) for part in miss.differences],
        "because": [_because(part) for part in miss.because],
    }


def _difference(difference: Difference) -> dict[str, Any]:
    sides = {"expected": difference.expected, "got": difference.got}
    return {"place": difference.place, **{side: value for side, value in sides.items() if value is not MISSING}}


def _because(cause: Because) -> dict[str, Any]:
    return {
        "text": cause.text,
        "reason": cause.reason or None,
        "shown_place": cause.place,
        "place": None if cause.span is None else place_data(cause.span),
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    for group in ("triggers", "fields"):
        tried, of = coverage.tried(group)
        groups[group] = {"tried": tried, "of": of, "percent": round(coverage.percent(group), 1)}
    never = [_item(item) for item in coverage.missed]
    undecided = [{**_item(item), "reason": reason} for item, reason in coverage.undecided]
    return {**groups, "percent": round(coverage.percent(), 1), "never": never, "undecided": undecided}


def _item(item: CoverageItem) -> dict[str, Any]:
    return {"sentence": item.sentence, "mapping": item.owner or None, "place": place_data(item.span)}
