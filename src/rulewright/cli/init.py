"""`rulewright init`: a first rule file."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Iterable
from pathlib import Path

import click

from ..compiler.catalog import DestinationUnusable
from ..files.file_replacement import create_file
from ..first_rules import NoMapping, rules_for_action, rules_for_events
from ..loading.catalog import catalog
from ..loading.pipeline import SettingsRefused
from ..printable import printable
from ..runtime.destinations import DEFAULT
from .event_input import event_input
from .examples import examples
from .reporting import CouldNotRun, quiet_option, tell


@click.command("init", epilog=examples("init events.jsonl -o shop.rules", "init --action logPurchase"))
@click.argument("events", required=False)
@click.option("--action", help="One mapping to this action with all its fields, in place of EVENTS.")
@click.option("--destination", default=DEFAULT, show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write; default: standard output.")
@quiet_option
def command(events: str | None, action: str | None, destination: str, output: Path | None) -> None:
    """Write a first rule file, from recorded EVENTS (JSON lines; a file, or - for standard input) or for an action.

    From events, it writes the presets that take at least one of them, with counts. An existing file is never replaced.
    """
    if (events is None) is (action is None):
        raise click.UsageError("name a file of recorded events, or an action with --action")
    _require("destination", destination, catalog().destinations)
    try:
        schema = catalog().destinations[destination]
    except DestinationUnusable as error:
        raise CouldNotRun(str(error)) from None
    if action is not None:
        _require("action", action, schema.actions)
        text = rules_for_action(action, destination)
    else:
        assert events is not None
        with event_input(events, "reading") as lines:
            try:
                text = rules_for_events(lines.read(), destination)
            except FileNotFoundError:
                message = f"{destination} has no presets: name one of its actions with --action"
                raise click.UsageError(message) from None
            except NoMapping as problem:
                message = f"`{events}` holds no event that an action takes by default. {problem}"
                raise click.UsageError(printable(f"{message} Write the first mapping with --action")) from None
            except SettingsRefused as error:
                raise CouldNotRun(str(error)) from None
    if output is None:
        sys.stdout.write(text)
        return
    try:
        create_file(output, text.encode())
    except FileExistsError:
        raise click.UsageError(f"`{output}` exists: choose another name") from None
    tell(f"wrote {output}; `rulewright check {output}` checks it")


def _require(kind: str, name: str, known: Iterable[str]) -> None:
    names = list(known)
    if name not in names:
        near = difflib.get_close_matches(name, names, 3) or names
        raise click.UsageError(f"there is no {kind} `{name}`; there are: {', '.join(near)}")
