"""Commands of the page: tests, coverage, lineage, the flow of events, and rules from Segment's JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

from ..authoring.evaluation.missing_tests import tests_for
from ..authoring.evaluation.survey import Survey
from ..flow.as_json import as_json as lineage_as_json
from ..flow.lineage_of_rules import lineage_of
from ..runtime.semantics.event import Event, JsonObject
from ..segment.import_subscriptions import import_file
from ..segment.mappings.import_mapping import decoded, import_mapping
from ..segment.subscriptions import looks_like_mapping
from ..testing.acceptance import NotAcceptable, accept
from ..testing.coverage.coverage import coverage_of
from ..testing.event_as_test import event_as_test, name_for
from ..testing.literals import is_writable
from ..testing.report.as_json import as_json as tests_as_json
from ..testing.runner import SuiteResult, run_suite
from ..testing.suite.suite import suite_of
from ..trace.traced_rules import TracedRules
from .documents import Documents


def run_tests(rules: TracedRules, documents: Documents) -> JsonObject:
    """Every test of the rules, run. Raises RuleError for tests with errors."""
    return tests_as_json([_result(rules, documents)], [])


def coverage(rules: TracedRules, documents: Documents) -> JsonObject:
    """What the tests have tried of the rules, and what they never did."""
    result = _result(rules, documents)
    coverage: JsonObject = tests_as_json([result], [coverage_of(result)])["suites"][0]["coverage"]
    return coverage


def written_tests(rules: TracedRules, documents: Documents) -> JsonObject:
    """Tests for what the tests have not tried, as rule text."""
    missing = tests_for(documents.rules, rules)
    return {"text": missing.text, "sentence": missing.sentence, "file": documents.tests.name}


def _result(rules: TracedRules, documents: Documents) -> SuiteResult:
    return run_suite(suite_of(documents.rules, rules), lambda name: True)


def saved_as_test(rules: TracedRules, documents: Documents, event: Event, name: str) -> JsonObject:
    """The event as a test, under a free name; without a name, under one that says its result. Raises NotAcceptable."""
    if not is_writable(event):
        raise NotAcceptable("the event has a number beyond the largest double, which a rule file cannot hold")
    taken = [trial.test for trial in suite_of(documents.rules, rules).trials]
    name = name.strip() or name_for(event, rules.mapper(event))
    return {"text": event_as_test(rules, event, name, taken), "file": documents.tests.name}


def accepted(
    rules: TracedRules, documents: Documents, name: str, compiled: Callable[[Mapping[str, str]], TracedRules]
) -> JsonObject:
    """The edits after which a failing test expects the actual result. Raises NotAcceptable and RuleError.

    `compiled` compiles the rules with other texts for some files.
    """
    acceptance = accept(
        suite_of(documents.rules, rules), name, lambda texts: suite_of(documents.rules, compiled(texts))
    )
    foreign = sorted(set(acceptance.after) - {str(document.path) for document in documents.given})
    if foreign:
        raise NotAcceptable(f"the test is in `{foreign[0]}`, which is shown read only")
    return {"edits": [asdict(edit) for edit in acceptance.edits], "diff": list(acceptance.diff())}


def lineage(rules: TracedRules) -> JsonObject:
    """Which paths of events reach which fields, and which of them hold personal data."""
    return lineage_as_json(lineage_of(rules.files, rules.program))


def flow(survey: Survey) -> JsonObject:
    """The flow of the events that were surveyed."""
    return {"done": survey.is_done, **survey.flow()}


def imported(document: str) -> JsonObject:
    """Rules from Segment's JSON, and the findings on them. Raises SegmentFormatError, and RuleError."""
    data = decoded(document)
    if looks_like_mapping(data):
        return {"text": import_mapping(data) + "\n", "findings_of_import": []}
    file = import_file(data)
    sentences = [
        f'"{finding.mapping}": {finding.sentence}' if finding.mapping else finding.sentence for finding in file.findings
    ]
    return {"text": file.text, "findings_of_import": sentences}
