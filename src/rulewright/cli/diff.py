"""`rulewright diff`: what an edit of rules changes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..diff.as_json import as_json
from ..diff.as_markdown import as_markdown
from ..diff.as_text import as_text
from ..diff.comparison import Comparison, compare
from ..dsl.rule_error import RuleError
from ..rule_files import RuleFiles, read_rules
from .event_input import HELP, event_input
from .inputs import read_standard_rules
from .reporting import show, write_json

TROUBLE = 2


@click.command("diff")
@click.argument("old")
@click.argument("new")
@click.option("--events", help=f"Recorded events, to be mapped by both versions: {HELP}.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text")
def command(old: str, new: str, events: str | None, form: str) -> None:
    """Say what changes from the rules OLD to the rules NEW; one of both may be - for standard input.

    Ends with 0 when nothing changes, with 1 when something does, and with 2 when the two cannot be compared.
    """
    if [old, new, events].count("-") > 1:
        raise click.UsageError("standard input can be read once")
    try:
        comparison = _compare(_read(old), _read(new), events)
    except RuleError as error:
        show(error.diagnostics, sys.stderr)
        sys.stderr.write("rules with errors cannot be compared\n")
        sys.exit(TROUBLE)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if form == "json":
        write_json(as_json(comparison))
    else:
        lines = as_text(comparison) if form == "text" else as_markdown(comparison, old, new)
        sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.exit(1 if comparison.different else 0)


def _compare(old: RuleFiles, new: RuleFiles, events: str | None) -> Comparison:
    if events is None:
        return compare(old, new)
    with event_input(events, "comparing") as lines:
        return compare(old, new, lines)


def _read(path: str) -> RuleFiles:
    return read_standard_rules() if path == "-" else read_rules(Path(path))
