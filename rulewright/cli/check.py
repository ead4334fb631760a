"""`rulewright check`: what is wrong with rules, before anything runs."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import click

from ..checking import Checked, check
from ..dsl.diagnostic_github import github, github_notice
from ..dsl.diagnostic_json import diagnostic_data, silenced_data, span_data
from ..dsl.diagnostic_sarif import sarif
from ..dsl.diagnostics import Diagnostic, Fix, RuleError
from ..rewriting import make_fixes
from ..rule_files import RuleFiles, read_rules, read_rules_text
from ..version import VERSION
from .reporting import show

MOST_ROUNDS = 10
"""How often rules are fixed and checked again, for a fix can bring to light what another one settles."""


@dataclass(slots=True)
class _Report:
    """What is said of one argument."""

    path: str
    checked: Checked
    fixed: list[tuple[Diagnostic, Fix]] = field(default_factory=list)
    seconds: float = 0.0


@click.command("check")
@click.argument("rules", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif", "github"]), default="text")
@click.option("--fix", is_flag=True, help="Make the changes that are safe, in the files themselves.")
@click.option(
    "--events",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Recorded events, JSON lines: warns of paths that they never carry, and of mappings that take none.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="warning",
    help="From which findings on to end with 1; any, unless said otherwise.",
)
def command(rules: tuple[str, ...], form: str, fix: bool, events: Path | None, fail_on: str) -> None:
    """Say what is wrong with RULES (files, or - for standard input), before anything runs.

    A warning that is no concern is silenced by a comment at its line or the line above: `# allow RW0403: reason`.
    """
    if fix and "-" in rules:
        raise click.UsageError("standard input cannot be fixed; give a file")
    reports = []
    for path in rules:
        report = _report(path, fix, events)
        reports.append(report)
        if form in ("text", "github"):
            _write(report, form)
    if form == "json":
        _write_json(reports)
    elif form == "sarif":
        silenced = [one for report in reports for one in report.checked.silenced]
        sys.stdout.write(json.dumps(sarif(_findings(reports), silenced, VERSION), ensure_ascii=False, indent=2) + "\n")
    sys.exit(1 if any(fail_on == "warning" or one.severity == "error" for one in _findings(reports)) else 0)


def _report(path: str, fix: bool, events: Path | None) -> _Report:
    started = time.perf_counter()
    fixed: list[tuple[Diagnostic, Fix]] = []
    try:
        for _ in range(MOST_ROUNDS if fix else 0):
            made = make_fixes(check(_read(path)).findings)
            fixed += made
            if not made:
                break
        if events is None:
            checked = check(_read(path))
        else:
            with events.open("rb", buffering=1 << 20) as lines:
                checked = check(_read(path), lines, events.name)
    except RuleError as error:
        checked = Checked(error.diagnostics)
    return _Report(path, checked, fixed, time.perf_counter() - started)


def _read(path: str) -> RuleFiles:
    return read_rules_text(sys.stdin.read(), "<standard input>") if path == "-" else read_rules(Path(path))


def _findings(reports: list[_Report]) -> list[Diagnostic]:
    return [finding for report in reports for finding in report.checked.findings]


def _write(report: _Report, form: str) -> None:
    checked = report.checked
    for diagnostic, fix in report.fixed:
        sys.stdout.write(f"fixed {diagnostic.span}: {fix.sentence} ({diagnostic.code})\n")
    if report.fixed:
        sys.stdout.write("\n")
    if form == "github":
        sys.stdout.writelines(f"{github(finding)}\n" for finding in checked.findings)
    else:
        show(checked.findings, sys.stdout)
    for sentence in checked.undecided:
        undecided = f"not decided: {sentence}"
        sys.stdout.write((github_notice(undecided) if form == "github" else undecided) + "\n")
    mappings = _count(checked.mappings, "mapping")
    sys.stdout.write(f"{_counts(checked)} in {report.path} ({mappings}, {report.seconds:.1f} s)\n")


def _write_json(reports: list[_Report]) -> None:
    facts = {
        "findings": [diagnostic_data(finding) for finding in _findings(reports)],
        "silenced": [silenced_data(*one) for report in reports for one in report.checked.silenced],
        "fixed": [
            {"code": diagnostic.code, **span_data(fix.span), "replacement": fix.replacement, "sentence": fix.sentence}
            for report in reports
            for diagnostic, fix in report.fixed
        ],
        "undecided": [sentence for report in reports for sentence in report.checked.undecided],
        "mappings": sum(report.checked.mappings for report in reports),
    }
    sys.stdout.write(json.dumps(facts, ensure_ascii=False, indent=2) + "\n")


def _counts(checked: Checked) -> str:
    counts = []
    for severity in ("error", "warning"):
        count = sum(finding.severity == severity for finding in checked.findings)
        if count:
            counts.append(_count(count, severity))
    silenced = f", {len(checked.silenced):,} silenced" if checked.silenced else ""
    return (", ".join(counts) or "no findings") + silenced


def _count(count: int, name: str) -> str:
    return f"{count:,} {name}{'' if count == 1 else 's'}"
