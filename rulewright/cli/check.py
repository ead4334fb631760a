"""`rulewright check`: what is wrong with rules, before anything runs."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from ..dsl import ast
from ..dsl.diagnostics import Diagnostic, RuleError
from ..loading import check_files, in_order
from ..proving import prove
from ..rule_files import RuleFiles, read_rules, read_rules_text
from .reporting import show


@click.command("check")
@click.argument("rules", nargs=-1, required=True)
def command(rules: tuple[str, ...]) -> None:
    """Say what is wrong with RULES (files, or - for standard input), before anything runs."""
    failed = False
    for path in rules:
        failed |= _check(path)
    sys.exit(1 if failed else 0)


def _check(path: str) -> bool:
    started = time.perf_counter()
    try:
        files = read_rules_text(sys.stdin.read(), "<standard input>") if path == "-" else read_rules(Path(path))
        program, diagnostics = check_files(files)
        analysis = prove(files, program, diagnostics)
        diagnostics = in_order(files, [*diagnostics, *analysis.findings])
        undecided = analysis.undecided
    except RuleError as error:
        files, diagnostics, undecided = RuleFiles(), error.diagnostics, []
    show(diagnostics, sys.stdout)
    for sentence in undecided:
        sys.stdout.write(f"not decided: {sentence}\n")
    sys.stdout.write(f"{_counts(diagnostics)} in {path} ({_mappings(files)}, {time.perf_counter() - started:.1f} s)\n")
    return bool(diagnostics)


def _counts(diagnostics: list[Diagnostic]) -> str:
    counts = []
    for severity in ("error", "warning"):
        count = sum(diagnostic.severity == severity for diagnostic in diagnostics)
        if count:
            counts.append(f"{count} {severity}{'s' if count > 1 else ''}")
    return ", ".join(counts) or "no findings"


def _mappings(files: RuleFiles) -> str:
    count = sum(isinstance(item, ast.Mapping) for item in files.items)
    return f"{count} mapping{'s' if count != 1 else ''}"
