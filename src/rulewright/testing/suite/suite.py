"""The tests of a rule file: those in it and those in the `*.test.rules` beside it, ready to be run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...checks.analysis_context import analysis_context
from ...checks.plan_files import tracking_plan
from ...compiler.analysis.event_schema import EventSchema
from ...compiler.memo import IdentityMemo
from ...compiler.resolve.expressions import Resolver
from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, Label, near
from ...dsl.diagnostics.suppressions import suppress, suppressions_of
from ...dsl.rule_error import RuleError, raise_errors
from ...dsl.source import Source, Span
from ...files.file_access import FileAccess
from ...files.project import project
from ...loading.catalog import catalog
from ...loading.rule_files import RuleFiles, RulesReader, read_rules
from ...trace.traced_rules import TracedRules
from .checked_law import CheckedLaw, law_findings, read_law, where_findings
from .condition_checks import condition_findings, expectations
from .demands import DemandReader, head_of
from .given_events import GivenEvents
from .idle_expectations import idle_findings
from .trials import SuiteTrial

TESTS = ".test.rules"
"""How the name of a file ends that holds tests of the rule file beside it."""


_TESTS = (ast.Test, ast.Law)


@dataclass(slots=True)
class Suite:
    """A rule file with its tests."""

    path: Path
    rules: TracedRules
    trials: list[SuiteTrial] = field(default_factory=list)
    laws: list[CheckedLaw] = field(default_factory=list)
    plan: EventSchema | None = None
    """The tracking plan of the rules."""
    warnings: list[Diagnostic] = field(default_factory=list)
    """Keys and types that no event has, expectations that always hold, and laws without events."""


def rules_of(path: Path) -> Path:
    """The rule file of a file: for `shop.test.rules`, the `shop.rules` beside it; for others, the file itself."""
    return path.with_name(path.name.removesuffix(TESTS) + ".rules") if path.name.endswith(TESTS) else path


def tests_beside(path: Path) -> Path:
    """The path of the separate file of tests for a rule file."""
    return path.with_name(path.name.removesuffix(".rules") + TESTS)


def read_suite(path: Path) -> Suite:
    """A rule file and its tests. Raises RuleError for every error in them, and SettingsRefused."""
    path = rules_of(path)
    return suite_of(path, TracedRules.of(read_rules(path)))


def suite_of(path: Path, rules: TracedRules) -> Suite:
    """The tests of rules that were read from a path. Raises RuleError for every error in the tests."""
    diagnostics: list[Diagnostic] = []
    read_files = list(rules.files.files)
    tests = [item for item in rules.files.items if isinstance(item, _TESTS)]
    if rules.files.access.has(tests_beside(path)):
        beside = RulesReader().read_beside(tests_beside(path), rules.files.access)
        diagnostics += beside.diagnostics
        read_files += beside.files
        for item in beside.items:
            if isinstance(item, _TESTS):
                tests.append(item)
            else:
                diagnostics.append(_no_test(item, path))
    mappings = [mapping.name for mapping in rules.program.mappings]
    diagnostics += _of_names(tests, mappings)
    plan = tracking_plan(rules.files, [])
    known = analysis_context(plan)
    findings = list(condition_findings(tests, rules.files.items, IdentityMemo(), known))
    reader = _Reader(diagnostics, rules.files.access)
    trials = [trial for test in tests if isinstance(test, ast.Test) for trial in reader.trials(test)]
    laws = [read_law(law, reader.demands, diagnostics) for law in tests if isinstance(law, ast.Law)]
    findings += (finding for law in laws if law.where is not None for finding in where_findings(law.where, known))
    findings += _not_reported(idle_findings(trials, rules.files.items, IdentityMemo()), findings)
    raise_errors(diagnostics + [finding for finding in findings if finding.severity == "error"])
    return Suite(path, rules, trials, laws, plan, _allowed(findings, read_files))


def _not_reported(findings: Iterable[Diagnostic], reported: Sequence[Diagnostic]) -> list[Diagnostic]:
    """The findings whose place is not reported: a misspelled type also makes an expectation hold for every event."""
    places = [diagnostic.span for diagnostic in reported]
    return [finding for finding in findings if not any(place.is_within(finding.span) for place in places)]


def _allowed(warnings: Sequence[Diagnostic], files: list[tuple[Source, ast.File]]) -> list[Diagnostic]:
    """The warnings without those that are suppressed or turned off."""
    comments = [comment for source, file in files for comment in suppressions_of(source, file)]
    codes = {warning.code for warning in warnings}
    reported = suppress(warnings, comments).reported
    # A comment that suppresses nothing here may suppress a finding on the rules.
    return project.get().leveled([finding for finding in reported if finding.code in codes])[0]


def is_of_tests(files: RuleFiles) -> bool:
    """Whether the first of the files is a file of tests, by its name."""
    return files.files[0][0].name.endswith(TESTS)


def findings_of_tests(files: RuleFiles, memo: IdentityMemo, reader: RulesReader) -> list[Diagnostic]:
    """The findings on the tests of a rule file, or of a file of tests, without running them.

    `memo` has the findings on unchanged tests; `reader` reads the rules of a file of tests.
    """
    path = Path(files.files[0][0].name)
    diagnostics: list[Diagnostic] = []
    rules = files
    if is_of_tests(files):
        diagnostics += [_no_test(item, rules_of(path)) for item in files.items if not isinstance(item, _TESTS)]
        try:
            rules = reader.read_beside(rules_of(path), files.access)
        except RuleError as error:
            return error.diagnostics
    mappings = [item.name for item in rules.items if isinstance(item, ast.Mapping)]
    tests = [item for item in files.items if isinstance(item, _TESTS)]
    if not tests:
        return diagnostics
    diagnostics += _of_names(tests, mappings)
    known = memo.of(analysis_context, tracking_plan(rules, []))
    diagnostics += condition_findings(tests, rules.items, memo, known)
    tests_reader = _Reader(diagnostics, files.access)
    trials: list[SuiteTrial] = []
    unread = [diagnostic.span for diagnostic in files.diagnostics if diagnostic.severity == "error"]
    for test in tests:
        if any(span.is_within(test.span) for span in unread):
            # What it seems to lack may be what could not be read.
            continue
        if isinstance(test, ast.Law):
            diagnostics += memo.of(law_findings, test, known)
        elif any(isinstance(part, ast.Given) and part.file is not None for part in test.body):
            # What the file holds may be other than before.
            trials += tests_reader.trials(test)
        else:
            findings, read = memo.of(_of_test, test)
            diagnostics += findings
            trials += read
    return diagnostics + _not_reported(idle_findings(trials, rules.items, memo), diagnostics)


def _of_test(test: ast.Test) -> tuple[list[Diagnostic], list[SuiteTrial]]:
    """What is wrong with a test that names no file, and its trials."""
    diagnostics: list[Diagnostic] = []
    trials = _Reader(diagnostics, FileAccess(Path())).trials(test)
    return diagnostics, trials


def _of_names(tests: Sequence[ast.Test | ast.Law], mappings: list[str]) -> Iterator[Diagnostic]:
    """Tests of one name, laws of one name, and mappings that a test names and the rules have not."""
    known = set(mappings)
    first: dict[tuple[str, str], ast.Test | ast.Law] = {}
    for test in tests:
        noun = "test" if isinstance(test, ast.Test) else "law"
        before = first.setdefault((noun, test.name), test)
        if before is not test:
            yield _twice(noun, test.name, head_of(test, noun), head_of(before, noun))
        for expect in expectations(test):
            if expect.mapping is not None and expect.mapping not in known:
                yield _unknown_mapping(expect.mapping, expect.span, mappings)


def _twice(noun: str, name: str, span: Span, first: Span) -> Diagnostic:
    message = f"there are two {noun}s named `{name}`"
    return Diagnostic("RW0208", message, span, others=(Label(first, "the first"),))


def _unknown_mapping(name: str, span: Span, mappings: list[str]) -> Diagnostic:
    there_are = ", ".join(f"`{mapping}`" for mapping in mappings[:5])
    help_ = near(name, mappings, f"there are: {there_are}")
    return Diagnostic("RW0212", f"the rules have no mapping `{name}`", span, help=(help_,))


def _no_test(item: ast.Item, path: Path) -> Diagnostic:
    start = item.span.within(0, len(item.span.text.split(maxsplit=1)[0]))
    message = f"a file of tests holds tests and laws alone; the rules are those of `{path.name}`"
    return Diagnostic("RW0705", message, start, help=(f"put it into `{path.name}`",))


class _Reader:
    """Makes trials of tests, and reports what cannot be run."""

    def __init__(self, diagnostics: list[Diagnostic], access: FileAccess) -> None:
        self.diagnostics = diagnostics
        self.given = GivenEvents(diagnostics, access)
        self.demands = DemandReader(Resolver(catalog(), diagnostics), self.given)

    def trials(self, test: ast.Test) -> list[SuiteTrial]:
        givens = [part for part in test.body if isinstance(part, ast.Given)]
        expects = tuple(self.demands.read(part) for part in test.body if isinstance(part, ast.Expect))
        cases = [part for part in test.body if isinstance(part, ast.Case)]
        head = head_of(test, "test")
        if not givens:
            self._report("RW0703", "the test has no event", head, 'begin it with `given { "type": "track" }`')
            return []
        for again in givens[1:]:
            others = (Label(givens[0].span, "first here"),)
            self.diagnostics.append(Diagnostic("RW0109", "a test has one event", again.span, others=others))
        event = self.given.event(givens[0])
        if event is None:
            return []
        trials = [SuiteTrial(test.name, "", event, expects, head, test.span)] if expects else []
        names: dict[str, Span] = {}
        for case in cases:
            span = head_of(case, "case")
            if names.setdefault(case.name, span) is not span:
                self.diagnostics.append(_twice("case", case.name, span, names[case.name]))
            demands = tuple(self.demands.read(part) for part in case.expectations) or expects
            if not demands:
                self._report("RW0704", "the case expects nothing", span, "write `expect …` below it")
            changed = self.given.changed(event, case.changes)
            trials.append(SuiteTrial(test.name, case.name, changed, demands, span, case.span))
        if not trials:
            self._report("RW0704", "the test expects nothing", head, 'write `expect "Mapping" { … }`')
        return trials

    def _report(self, code: str, message: str, span: Span, help_: str) -> None:
        self.diagnostics.append(Diagnostic(code, message, span, help=(help_,)))
