"""`rulewright diff`: shows what an edit to rules changes."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..diff.as_json import as_json
from ..diff.as_markdown import as_markdown
from ..diff.as_text import as_text
from ..diff.rules_comparison import RulesComparison, compare
from ..dsl import ast
from ..dsl.rule_error import RuleError
from ..files.file_access import is_shipped
from ..loading.rule_files import RuleFiles, read_rules
from .event_input import HELP, event_input
from .examples import examples
from .inputs import read_standard_rules
from .reporting import quiet_option, show, write_json
from .revision import rules_at

TROUBLE = 2


@click.command(
    "diff",
    epilog=examples(
        "diff --base main shop.rules",
        "diff old.rules new.rules --events events.jsonl",
        "diff --base main shop.rules --format markdown",
    ),
)
@click.argument("old")
@click.argument("new", required=False)
@click.option("--base", metavar="REV", help="Compare with the file in a Git revision, and with what it includes there.")
@click.option("--events", help=f"Recorded events, to be mapped by both versions: {HELP}.")
@click.option("--format", "form", type=click.Choice(["text", "markdown", "json"]), default="text")
@quiet_option
def command(old: str, new: str | None, base: str | None, events: str | None, form: str) -> None:
    """Show what changes from the rules OLD to the rules NEW; one of them may be - for standard input.

    With --base REV, name only the new rules: `rulewright diff --base main shop.rules`.

    Exit codes: 0 nothing changes, 1 something changes, 2 the rules cannot be compared.
    """
    if (base is None) == (new is None):
        raise click.UsageError("name two rule files, or one with --base")
    if base is not None and old == "-":
        raise click.UsageError("--base compares a file, not standard input")
    if [old, new, events].count("-") > 1:
        raise click.UsageError("standard input can be read once")
    try:
        if base is None:
            comparison = _compare(_read(old), _read(str(new)), events)
        else:
            with rules_at(base, Path(old)) as before:
                comparison = _compare(_read(str(before)), _read(old), events)
            old, new = f"{base}:{old}", old
    except RuleError as error:
        show(error.diagnostics, sys.stderr)
        sys.stderr.write("rules with errors cannot be compared\n")
        sys.exit(TROUBLE)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if form == "json":
        write_json(as_json(comparison))
    else:
        lines = as_text(comparison) if form == "text" else as_markdown(comparison, old, str(new))
        sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.exit(1 if comparison.different else 0)


def _compare(old: RuleFiles, new: RuleFiles, events: str | None) -> RulesComparison:
    if events is None:
        return compare(old, new)
    with event_input(events, "comparing") as lines:
        return compare(old, new, lines)


def _read(path: str) -> RuleFiles:
    if path != "-":
        return read_rules(Path(path))
    files = read_standard_rules()
    for item in files.files[0][1].items:
        # What is included would be taken from this folder, whatever revision the text itself is of.
        if isinstance(item, ast.Include) and not is_shipped(files.access.included(Path(), item.path)):
            raise click.UsageError(
                f"the rules on standard input include `{item.path}`, and which version of it is meant is not known;"
                " compare files, or use `rulewright diff --base REV FILE`"
            )
    return files
