"""`rulewright events`: the fate of one event that was accepted over HTTP or by an outbox."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from ..event_fates import as_data, as_lines
from ..printable import printable, printable_json
from ..runtime.delivery.store.fates import fates
from ..runtime.delivery.store.problems import QueueProblem
from .examples import examples


@click.command("events", epilog=examples("events m-1 --queue queue.db"))
@click.argument("message_id", metavar="ID")
@click.option("--queue", type=click.Path(path_type=Path), required=True, help="The queue's file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(message_id: str, queue: Path, form: str) -> None:
    """Show the fate of the event with this message ID: accepted, mapped, delivered, or dead and why.

    Events that `serve` or an outbox accepted are known for seven days. Exit codes: 0 the event is known, 1 it is not
    known, 2 the queue does not exist or is damaged.
    """
    try:
        fates_found = fates(queue, message_id)
    except QueueProblem as problem:
        click.echo(printable(str(problem)), err=True)
        sys.exit(2)
    if form == "json":
        click.echo(printable_json(json.dumps([as_data(fate) for fate in fates_found])))
    elif fates_found:
        click.echo("\n".join(printable(line) for fate in fates_found for line in as_lines(fate)))
    else:
        sentence = f"neither `serve` nor an outbox accepted an event with the ID `{message_id}` in the last seven days"
        click.echo(printable(sentence), err=True)
    sys.exit(0 if fates_found else 1)
