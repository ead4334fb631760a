"""`rulewright check`: finds mistakes in rules before anything runs."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from ..checking import Checked, Checker, check
from ..diagnostics_page import page_of
from ..dsl.diagnostics.diagnostic import Diagnostic, Fix
from ..dsl.render.github import github, no_command
from ..dsl.render.gitlab import gitlab
from ..dsl.render.json import diagnostic_data, span_data, suppressed_data
from ..dsl.render.sarif import sarif
from ..dsl.rule_error import RuleError
from ..files.applied_fixes import make_fixes
from ..files.file_access import FileAccess, real_path
from ..files.project import project
from ..loading.rule_files import read_rules
from ..loading.rule_folders import first_files, includers_of
from ..printable import printable
from ..runtime.counted import counted
from ..runtime.inputs.locations import locate
from ..version import VERSION
from .event_input import event_input, say_unread
from .examples import examples
from .inputs import entry_files, read_standard_rules, rule_files_of
from .reporting import is_quiet, quiet_option, show, write_json
from .watching import each_change

MOST_ROUNDS = 10
"""How often rules are fixed and checked again, because one fix can reveal a finding that another one fixes."""


@dataclass(frozen=True, slots=True)
class _Options:
    """What was asked for on the command line."""

    form: str
    fix: bool
    events: str | None
    fail_on: str


@dataclass(slots=True)
class _Target:
    """A file to check."""

    path: str
    checker: Checker
    fragment: str = ""
    """The file that was named and that `path` includes; findings on other files are not shown. Empty if `path` was
    named."""
    access: FileAccess | None = None
    """What the file was read by when it was looked for, for the first check of it: no file is read twice."""

    @property
    def name(self) -> str:
        return f"{self.fragment} (through {self.path})" if self.fragment else self.path


@dataclass(slots=True)
class _Report:
    """The report on one argument."""

    path: str
    checked: Checked
    fixed: list[tuple[Diagnostic, Fix]] = field(default_factory=list)
    seconds: float = 0.0


@click.command(
    "check",
    epilog=examples(
        "check shop.rules",
        "check rules/ --fail-on error",
        "check shop.rules --fix",
        "check shop.rules --events events.jsonl",
        "check rules/ --format sarif > rulewright.sarif",
    ),
)
@click.argument("rules", nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif", "github", "gitlab"]), default="text")
@click.option("--fix", is_flag=True, help="Make the safe changes in the files.")
@click.option("--watch", is_flag=True, help="Check again whenever a rule file or an event file changes.")
@click.option(
    "--events",
    help="Recorded events, in a file, a folder, a glob, a URL or standard input (-): warns of paths that they never "
    "carry, and of mappings that take none.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="warning",
    help="The least severe finding for which the exit code is 1; default: any finding.",
)
@quiet_option
def command(rules: tuple[str, ...], form: str, fix: bool, watch: bool, events: str | None, fail_on: str) -> None:
    """Find mistakes in RULES (files, folders, or - for standard input) before anything runs.

    In a folder, every rule file that no other file there includes is checked. A fragment, which names no destination,
    is checked through the files that include it.

    A comment on the line of a warning or on the line above suppresses it: `# allow RW0403: reason`.
    """
    rules = entry_files(rules)
    if "-" in rules and (fix or watch):
        raise click.UsageError(f"standard input cannot be {'fixed' if fix else 'watched'}; give a file")
    if fix and watch:
        raise click.UsageError("--fix rewrites files, and --watch is for files that are being written: give one")
    options = _Options(form, fix, events, fail_on)
    targets = [target for path in rules for target in _targets(path)]
    if events == "-" and (len(targets) > 1 or watch or "-" in rules):
        raise click.UsageError("standard input can be read once")
    has_failed = _run(targets, options)
    if watch:
        for _ in each_change(lambda: _folders(targets, events)):
            _run(targets, options)
        has_failed = False
    sys.exit(1 if has_failed else 0)


def _targets(path: str) -> list[_Target]:
    """What is checked for an argument."""
    if path == "-":
        return [_Target(path, Checker())]
    if Path(path).is_dir():
        return [target for file in first_files(rule_files_of(Path(path))) for target in _targets_of_file(str(file))]
    return _targets_of_file(path)


def _targets_of_file(path: str) -> list[_Target]:
    """The file, or for a fragment those that include it."""
    access = FileAccess(Path(path).parent)
    through = includers_of(Path(path), access)
    return [_Target(str(file), Checker(), path) for file in through] or [_Target(path, Checker(), access=access)]


def _folders(targets: list[_Target], events: str | None) -> set[Path]:
    """The folders of the files that the last run has read, or should have read."""
    files = {file for target in targets for file in (Path(target.path), *target.checker.files)}
    if events is not None:
        files |= {Path(events)} | {location.path for location in locate(events) if location.path is not None}
    return {file.parent for file in files}


def _run(targets: list[_Target], options: _Options) -> bool:
    """Checks everything once; whether something was found that counts."""
    reports: list[_Report] = []
    for target in targets:
        report = _report(target, options)
        # Each target reads the same events, and one with errors reads none.
        if options.events is not None and not any(len(earlier.checked.unread) for earlier in reports):
            say_unread(options.events, report.checked.unread)
        reports.append(report)
        if options.form in ("text", "github"):
            _write(report, options.form)
    if options.form == "json":
        _write_json(reports)
    elif options.form == "sarif":
        suppressed = [suppressed_ for report in reports for suppressed_ in report.checked.suppressed]
        write_json(sarif(_findings(reports), suppressed, VERSION, page_of))
    elif options.form == "gitlab":
        write_json(gitlab(_findings(reports)))
    sys.stdout.flush()
    counting = ("error",) if options.fail_on == "error" else ("error", "warning")
    return any(finding.severity in counting for finding in _findings(reports))


def _report(target: _Target, options: _Options) -> _Report:
    path, checker = target.path, target.checker
    access = None if options.fix else target.access
    target.access = None
    started = time.perf_counter()
    fixed: list[tuple[Diagnostic, Fix]] = []
    try:
        for _ in range(MOST_ROUNDS if options.fix else 0):
            # Read again each time, because fixed findings are reported at their old positions.
            made = make_fixes(_shown(target, check(read_rules(Path(path)))).findings)
            fixed += made
            if not made:
                break
        if options.events is None:
            checked = _checked(path, checker, access=access)
        else:
            with event_input(options.events, "checking") as lines:
                checked = _checked(path, checker, lines, Path(options.events).name, access)
    except RuleError as error:
        checked = Checked(error.diagnostics)
    return _Report(target.name, _shown(target, checked), fixed, time.perf_counter() - started)


def _shown(target: _Target, checked: Checked) -> Checked:
    """What was found of the file that was named."""
    if not target.fragment:
        return checked
    own = real_path(Path(target.fragment))
    findings = [finding for finding in checked.findings if real_path(Path(finding.span.source.name)) == own]
    suppressed = [
        suppressed_ for suppressed_ in checked.suppressed if real_path(Path(suppressed_[0].span.source.name)) == own
    ]
    return replace(checked, findings=findings, suppressed=suppressed)


def _checked(
    path: str,
    checker: Checker,
    events: Iterable[bytes] | None = None,
    name: str = "",
    access: FileAccess | None = None,
) -> Checked:
    if path == "-":
        return check(read_standard_rules(), events, name)
    return checker.check(Path(path), events, name, access)


def _findings(reports: list[_Report]) -> list[Diagnostic]:
    return [finding for report in reports for finding in report.checked.findings]


def _write(report: _Report, form: str) -> None:
    checked = report.checked
    plain = no_command if form == "github" else printable
    # What GitHub reads is alone on standard output.
    stream = sys.stderr if form == "github" else sys.stdout
    for diagnostic, fix in report.fixed:
        stream.write(plain(f"fixed {diagnostic.span}: {fix.sentence} ({diagnostic.code})") + "\n")
    if report.fixed:
        stream.write("\n")
    if form == "github":
        sys.stdout.writelines(f"{github(finding)}\n" for finding in checked.findings)
    else:
        show(checked.findings, sys.stdout)
    if is_quiet() and not checked.findings:
        return
    stream.write(plain(f"{_counts(checked)} in {report.path}{_extent(report)}") + "\n")


def _extent(report: _Report) -> str:
    """How much was checked, and how long it took; nothing for a file without a mapping that could be read."""
    mappings = report.checked.mappings
    return f" ({counted(mappings, 'mapping')}, {report.seconds:.1f} s)" if mappings else ""


def _write_json(reports: list[_Report]) -> None:
    facts = {
        "findings": [diagnostic_data(finding) for finding in _findings(reports)],
        "silenced": [suppressed_data(*suppressed_) for report in reports for suppressed_ in report.checked.suppressed],
        "fixed": [
            {"code": diagnostic.code, **span_data(fix.span), "replacement": fix.replacement, "sentence": fix.sentence}
            for report in reports
            for diagnostic, fix in report.fixed
        ],
        "turned_off": sum(report.checked.turned_off for report in reports),
        "undecided": [sentence for report in reports for sentence in report.checked.undecided],
        "mappings": sum(report.checked.mappings for report in reports),
    }
    write_json(facts)


def _counts(checked: Checked) -> str:
    counts = []
    for severity in ("error", "warning", "note"):
        count = sum(finding.severity == severity for finding in checked.findings)
        if count:
            counts.append(counted(count, severity))
    suppressed = f", {len(checked.suppressed):,} silenced" if checked.suppressed else ""
    off = f", {checked.turned_off:,} turned off by {project.get().file}" if checked.turned_off else ""
    return (", ".join(counts) or "no findings") + suppressed + off
