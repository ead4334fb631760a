"""`rulewright export`: the JSON of Segment's subscriptions from rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from ..dsl.rule_error import RuleError, raise_errors
from ..loading.pipeline import check_files
from ..loading.rule_files import read_rules
from ..printable import printable
from ..segment.export import Unsaid, export_items
from .examples import examples
from .inputs import read_standard_rules
from .reporting import fail, write_json


@click.command("export", epilog=examples("export shop.rules > subscriptions.json"))
@click.argument("rules")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="`json` is for programs.")
def command(rules: str, form: str) -> None:
    """Write RULES (a file, or - for standard input) as Segment subscriptions.

    A mapping that Segment cannot express is left out and reported on standard error; a mapping that Segment computes
    differently is written and reported. The exit code is then 1. With `--format json` the output is one
    object, `{"subscriptions": […], "unsaid": […], "differences": […]}`. Nothing is written if the rules cannot
    be compiled, or have more mappings than Segment accepts.
    """
    try:
        files = read_standard_rules() if rules == "-" else read_rules(Path(rules))
        raise_errors(check_files(files)[1])
        exported = export_items(files.items)
    except RuleError as error:
        fail(error, "nothing was written")
    document: Any = exported.subscriptions
    named = (*exported.unsaid, *exported.differences)
    if form == "json":
        document = {
            "subscriptions": exported.subscriptions,
            "unsaid": [_as_json(each) for each in exported.unsaid],
            "differences": [_as_json(each) for each in exported.differences],
        }
    else:
        for each in named:
            sys.stderr.write(f"{printable(f'{each.span}: {each.sentence}')}\n")
    write_json(document)
    sys.exit(1 if named else 0)


def _as_json(unsaid: Unsaid) -> dict[str, Any]:
    span = unsaid.span
    return {"sentence": unsaid.sentence, "file": span.source.name, "line": span.line, "column": span.column}
