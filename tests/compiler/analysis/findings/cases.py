"""Cases of findings: rules, and what is underlined in them."""

from __future__ import annotations

import json
from typing import NamedTuple

from rulewright.checks.proving import prove
from rulewright.compiler.analysis.findings.all_findings import Analysis
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.loading.pipeline import check_files, read

TRACK, ORDER = 'type = "track"', 'event = "Order Completed"'


class Case(NamedTuple):
    """The items of a rule file below its destination; the code looked for; what is underlined, None for no finding."""

    what: str
    rules: str
    code: str
    underlined: str | None
    example: dict[str, object] | None = None
    help: str | None = None


def mapping(name: str, when: str, *lines: str, action: str = "logEventV2") -> str:
    body = "\n  ".join([f"when {when}", "use defaults", *(lines or ("on conflict fold",))])
    return f'mapping "{name}" -> {action} {{\n  {body}\n}}\n'


def analysis_of(rules: str) -> Analysis:
    files = read(f"destination amplitude\n{rules}")
    program, diagnostics = check_files(files)
    assert [finding for finding in diagnostics if finding.severity == "error"] == []
    return prove(files, program, diagnostics)


def findings_of(rules: str, code: str) -> list[Diagnostic]:
    return [finding for finding in analysis_of(rules).findings if finding.code == code]


def assert_found(case: Case) -> None:
    findings = findings_of(case.rules, case.code)
    assert [finding.span.text for finding in findings] == ([] if case.underlined is None else [case.underlined])
    if case.example is not None:
        assert json.loads(findings[0].example) == case.example
    if case.help is not None:
        assert case.help in findings[0].help
