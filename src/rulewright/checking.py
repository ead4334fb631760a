"""Collects all findings of a rule file, from compiling, proofs and recorded events, without the suppressed ones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from .checks.analysis_context import PartOfType
from .checks.project_settings import findings_of_project
from .checks.proving import prove
from .checks.recorded_evidence import RecordedEvidence
from .checks.recorded_paths import RECORDED_CODES, recorded_findings
from .compiler.analysis.findings.undecided import undecided
from .compiler.ir import Program
from .compiler.memo import IdentityMemo
from .dsl import ast
from .dsl.diagnostics.diagnostic import Diagnostic
from .dsl.diagnostics.suppressions import Suppression, suppress, suppressions_of
from .files.file_access import FileAccess, is_shipped
from .files.project import project
from .loading.gc_pause import gc_pause
from .loading.pipeline import SettingsRefused, check_files, in_order, mapper_of
from .loading.rule_files import RuleFiles, RulesReader
from .runtime.mapper import Mapper
from .runtime.mapping.unread_lines import UnreadLines
from .testing.suite.suite import findings_of_tests, is_of_tests


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check."""

    findings: list[Diagnostic]
    """In the order of the text."""
    suppressed: list[tuple[Diagnostic, Suppression]] = field(default_factory=list)
    mappings: int = 0
    unread: UnreadLines = field(default_factory=UnreadLines)
    """The lines of the recorded events that are not events."""
    turned_off: int = 0
    """Findings that the project turns off by their codes."""

    @property
    def undecided(self) -> list[str]:
        """A sentence for each question that the proofs leave open."""
        return undecided(self.findings)


class Checker:
    """Checks rules repeatedly; a mapping keeps its findings while it and everything that it depends on are unchanged.

    Each check finds exactly what a first check would. The spans of findings are valid until the next check, because
    the spans of an unchanged item then move with its text.
    """

    def __init__(self) -> None:
        self._reader = RulesReader()
        self._rules_of_tests = RulesReader()
        self._kept = IdentityMemo()
        self.files: frozenset[Path] = frozenset()
        """The files that the last check read; a change to one of them may change the findings."""
        self.rules: RuleFiles | None = None
        """The rules of the last check."""

    @gc_pause()
    def check(
        self,
        path: Path,
        events: Iterable[bytes] | None = None,
        events_name: str = "",
        access: FileAccess | None = None,
    ) -> Checked:
        """Check the current rules in a file, or the text that `access` has for it.

        `events` are recorded events, each a line of JSON text. Raises RuleError if the file cannot be read.
        """
        files = self._reader.read(path, access)
        self._kept.next_round()
        checked = check(files, events, events_name, self._kept, self._rules_of_tests)
        self.files = frozenset(files.access.asked)
        self.rules = files
        return checked


@gc_pause()
def check(
    files: RuleFiles,
    events: Iterable[bytes] | None = None,
    events_name: str = "",
    memo: IdentityMemo | None = None,
    rules_of_tests: RulesReader | None = None,
) -> Checked:
    """Checks rules and, with `events`, which are recorded events as JSON lines, whether the rules fit these events.

    With `memo`, the findings on unchanged parts are reused. `rules_of_tests` reads the rules that a file of tests is
    about.
    """
    memo = memo or IdentityMemo()
    program, known = check_files(files, memo)
    if is_of_tests(files):
        # Rules in a file of tests are only reported as being in the wrong file.
        known = [diagnostic for diagnostic in known if diagnostic.code not in ("RW0005", "RW0210")]
    reported_spans = {(diagnostic.code, diagnostic.span.source, diagnostic.span.start) for diagnostic in known}
    of_tests = findings_of_tests(files, memo, rules_of_tests or RulesReader())
    known += [
        finding for finding in of_tests if (finding.code, finding.span.source, finding.span.start) not in reported_spans
    ]
    known += findings_of_project(program)
    not_sought, unread = RECORDED_CODES, UnreadLines()
    recorded: list[Diagnostic] = []
    parts: set[PartOfType] = set()
    evidence = RecordedEvidence()
    if events is not None and all(diagnostic.severity != "error" for diagnostic in known):
        not_sought = frozenset()
        evidence = RecordedEvidence.of(program)
        mapper = _mapper(files, program)
        recorded = list(recorded_findings(program, events, events_name, mapper, unread, parts, evidence))
    analysis = prove(files, program, known, memo, _same(frozenset(parts)))
    findings = [*known, *(finding for finding in analysis.findings if not evidence.confirms(finding))]
    if recorded:
        findings = _without_guesses(findings, recorded, program)
        # A path that no event of the spec has is already reported.
        unknown = [finding.span for finding in findings if finding.code in ("RW0201", "RW0214", "RW0412", "RW0416")]
        findings += [finding for finding in recorded if not any(span.is_within(finding.span) for span in unknown)]
    suppressions = [suppression for source, file in files.files for suppression in suppressions_of(source, file)]
    result = suppress(in_order(files, findings), suppressions, not_sought)
    reported = [diagnostic for diagnostic in result.reported if not _is_about_a_shipped_comment(diagnostic)]
    mappings = sum(isinstance(item, ast.Mapping) for item in files.items)
    leveled, turned_off = project.get().leveled(in_order(files, reported))
    return Checked(leveled, result.suppressed, mappings, unread, turned_off)


@lru_cache(maxsize=8)
def _same(parts: frozenset[PartOfType]) -> frozenset[PartOfType]:
    """One object for equal parts, since what was proved before is found by identity."""
    return parts


def _without_guesses(findings: list[Diagnostic], recorded: list[Diagnostic], program: Program) -> list[Diagnostic]:
    """The findings without those on patterns of filters that recorded events decide.

    The spec knows no key that a pattern matches, but events may carry more; that none of them does is the better proof.
    """
    paths = [pair for filter_ in program.filters for pair in zip(filter_.paths, filter_.places, strict=True)]
    patterns = {
        (span.source, span.start) for steps, span in paths if any(isinstance(step, ast.KeyPattern) for step in steps)
    }
    absent = {(finding.span.source, finding.span.start) for finding in recorded if finding.code == "RW0213"}
    decided = patterns & absent
    return [
        diagnostic
        for diagnostic in findings
        if diagnostic.code != "RW0201" or (diagnostic.span.source, diagnostic.span.start) not in decided
    ]


def _mapper(files: RuleFiles, program: Program) -> Mapper | None:
    """The mapper of a program without errors; None for settings that the destination does not take."""
    if program.destination is None or not program.mappings:
        return None
    try:
        return mapper_of(files, program)
    except SettingsRefused:
        return None


def _is_about_a_shipped_comment(finding: Diagnostic) -> bool:
    """Whether a suppression in a shipped file is useless beside the author's rules, which is not theirs to mend."""
    return finding.code == "RW0602" and is_shipped(Path(finding.span.source.name))
