"""`rulewright explain`: shows what the rules do with one event and why, or explains a diagnostic code."""

from __future__ import annotations

import difflib
import re
import sys
from pathlib import Path

import click

from ..diagnostics_page import page_of
from ..dsl.diagnostics.codes import CODES
from ..dsl.rule_error import RuleError
from ..explain.as_json import as_json
from ..explain.as_text import as_text
from ..explain.explanation import explain
from ..loading.pipeline import SettingsRefused
from ..loading.rule_files import read_rules
from ..printable import printable, printable_json
from ..runtime.encoding import json_bytes
from ..trace.traced_rules import TracedRules
from .examples import examples
from .reporting import fail, painter, write_json
from .sessions import single_options, single_stage
from .single_event import single_event

_CODE = re.compile(r"RW\d{4}", re.IGNORECASE)


@click.command(
    "explain",
    epilog=examples("explain shop.rules order.json", "explain shop.rules events.jsonl --line 3", "explain RW0403"),
)
@click.argument("rules", type=click.Path(path_type=Path))
@click.argument("event", default="-")
@click.option(
    "--line",
    type=click.IntRange(min=1),
    help="The event on this line, or with this number in an array, a batch, a table or several files.",
)
@click.option("--all", "everything", is_flag=True, help="Show for each default without a value why it has none.")
@single_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(
    rules: Path,
    event: str,
    line: int | None,
    everything: bool,
    sessions: bool,
    session_rules: str | None,
    form: str,
) -> None:
    """Show what RULES do with an EVENT (a file, compressed or not, or - for standard input), and why.

    It shows the clause that decided each mapping, and the rule behind each part of a request. With a diagnostic code in
    place of RULES, such as RW0403, it shows what the code means, an example, and what to write instead.
    """
    if _CODE.fullmatch(str(rules)):
        _write_page(_known(str(rules).upper()), form)
        return
    try:
        traced = TracedRules.of(read_rules(rules))
    except RuleError as error:
        fail(error)
    except SettingsRefused as error:
        raise click.ClickException(str(error)) from None
    session_events, explained_event = [], single_event(event, line)
    if sessions or session_rules is not None:
        *session_events, explained_event = single_stage(traced.mapper, session_rules).enrich(explained_event)
    explanation = explain(traced, explained_event)
    if form == "json":
        document = {"session_events": session_events, **as_json(explanation)}
        sys.stdout.write(printable_json(json_bytes(document).decode()) + "\n")
    else:
        paint = painter(sys.stdout)
        for before in session_events:
            sys.stdout.write(f"A session begins: `{printable(before['event'])}` goes before the event.\n")
        sys.stdout.writelines(f"{text}\n" for text in as_text(explanation, paint, everything=everything))


def _write_page(code: str, form: str) -> None:
    if form == "json":
        entry = CODES[code]
        write_json({"code": code, "severity": entry.severity, "title": entry.title, "page": page_of(code)})
    else:
        sys.stdout.write(page_of(code))


def _known(code: str) -> str:
    """A code of the registry. Raises UsageError with the nearest codes for any other."""
    if code in CODES:
        return code
    near = difflib.get_close_matches(code, CODES, 3)
    raise click.UsageError(f"unknown code `{code}`" + (f"; the nearest are {', '.join(near)}" if near else ""))
