"""`rulewright events`: the fate of one event that was accepted over HTTP or by an outbox."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click

from ..printable import printable, printable_json
from ..runtime.counted import counted
from ..runtime.delivery.store.fates import Fate, fates
from ..runtime.delivery.store.problems import QueueProblem

_RESULTS = {
    "mapped": "mapped by rules of version {rules}",
    "unmatched": "no mapping of version {rules} takes it",
    "dropped": "dropped by a filter of version {rules}",
    "opted_out": "it opted out of the destination",
    "failed": "no request could be made of it by rules of version {rules}",
}


@click.command("events")
@click.argument("message_id", metavar="ID")
@click.option("--queue", type=click.Path(path_type=Path), required=True, help="The queue's file.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(message_id: str, queue: Path, form: str) -> None:
    """Say what became of the event with this message ID: accepted, mapped, delivered, or dead and why.

    What `serve` and an outbox accept is known for seven days. Exit codes: 0 it is known, 1 it is not, 2 there is no
    such queue, or it is damaged.
    """
    try:
        found = fates(queue, message_id)
    except QueueProblem as problem:
        click.echo(printable(str(problem)), err=True)
        sys.exit(2)
    if form == "json":
        click.echo(printable_json(json.dumps([_as_dict(fate) for fate in found])))
    elif found:
        click.echo("\n".join(printable(line) for fate in found for line in _lines(fate)))
    else:
        click.echo(printable(f"no event with the ID `{message_id}` was accepted in the last seven days"), err=True)
    sys.exit(0 if found else 1)


def _as_dict(fate: Fate) -> dict[str, object]:
    """All of it, for programs."""
    return {
        **fate._asdict(),
        "received_at": _time(fate.received_at),
        "requests": [{"mapping": mapping, "action": action} for mapping, action in fate.requests],
        "parts": [part._asdict() for part in fate.parts],
    }


def _lines(fate: Fate) -> Iterator[str]:
    yield f"{fate.id}: accepted from {fate.source} at {_time(fate.received_at)}"
    if fate.repeats:
        yield f"  it came again {counted(fate.repeats, 'time')}, and was left out"
    yield f"  {_RESULTS[fate.result].format(rules=fate.rules)}"
    for mapping, action in fate.requests:
        yield f"  {mapping} -> {action}"
    for part in fate.parts:
        what = f"dead: {part.code}: {part.reason}" if part.state == "dead" else part.state
        where = "" if part.mapping is None else f" ({part.mapping})"
        yield f"  {part.number}: {what}{where}"


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
