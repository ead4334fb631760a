"""`rulewright import`: rules from the JSON of a Segment destination."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from ..dsl.rule_error import RuleError
from ..printable import printable
from ..segment.import_subscriptions import Finding, ImportedFile, import_file
from ..segment.mappings.import_mapping import decoded, import_mapping
from ..segment.problems import SegmentFormatError
from ..segment.subscriptions import looks_like_mapping
from .examples import examples
from .inputs import NAME, content_of
from .output_files import write_output
from .reporting import fail, write_json


@click.command("import", epilog=examples("import subscriptions.json -o shop.rules"))
@click.argument("document")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; default: standard output.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="`json` is for programs.")
def command(document: str, output: Path | None, form: str) -> None:
    """Convert Segment's JSON to rules.

    DOCUMENT is a JSON file, or - for standard input: a list of subscriptions becomes a rule file, and a single
    mapping becomes an expression. Problems are listed, and so are triggers that Segment misreads, each with an
    example event; the exit code is then 1. A subscription with a problem does not affect the others.
    """
    try:
        imported = _import(decoded(content_of(document)))
    except SegmentFormatError as error:
        name = NAME if document == "-" else document
        for problem in str(error).split("\n"):
            sys.stderr.write(printable(f"{name}: {problem}") + "\n")
        sys.exit(1)
    except RuleError as error:
        fail(error)
    if output is not None:
        write_output(output, imported.text)
    elif form == "text":
        sys.stdout.write(imported.text)
    if form == "json":
        report = {"rules": imported.text, "findings": [_as_json(finding) for finding in imported.findings]}
        write_json(report)
    else:
        _report(imported.findings)
    sys.exit(1 if imported.findings else 0)


def _import(document: Any) -> ImportedFile:
    if looks_like_mapping(document):
        return ImportedFile(import_mapping(document) + "\n", ())
    return import_file(document)


def _report(findings: tuple[Finding, ...]) -> None:
    for finding in findings:
        mapping = "" if finding.mapping is None else f'"{finding.mapping}": '
        sys.stderr.write(printable(f"{mapping}{finding.sentence}") + "\n")
        misreading = finding.misreading
        if misreading is None:
            continue
        if misreading.event is not None:
            taking, refusing = ("the rule takes", "Segment") if misreading.meant else ("Segment sends", "the rule")
            event = json.dumps(misreading.event, ensure_ascii=False)
            sys.stderr.write(printable(f"  for example {event}: {taking} it, {refusing} does not") + "\n")
        if misreading.segment is not None:
            sys.stderr.write(printable(f"  Segment reads {misreading.segment}") + "\n")


def _as_json(finding: Finding) -> dict[str, Any]:
    misreading = finding.misreading
    data: dict[str, Any] = {"mapping": finding.mapping, "sentence": finding.sentence}
    if misreading is not None:
        data["misreading"] = {
            "reasons": list(misreading.reasons),
            "segment": misreading.segment,
            "event": misreading.event,
            "meant": misreading.meant,
        }
    return data
