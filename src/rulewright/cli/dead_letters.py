"""`rulewright dead-letters`: what could not be delivered, why, and the way back."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from ..printable import printable, printable_json
from ..runtime.delivery.export import event_line, letter_line
from ..runtime.delivery.store.lease import QueueInUse
from ..runtime.delivery.store.problems import QueueProblem
from ..runtime.delivery.store.queue_status import NotPending, bury, dead_letters, revive
from .reporting import excerpt

_queue = click.option("--queue", type=click.Path(path_type=Path), required=True, help="The queue's file.")
_code = click.option("--code", help="Only those with this code.")


@click.group("dead-letters")
def command() -> None:
    """What could not be delivered: list, retry, bury, export."""


@command.command("list")
@_queue
@_code
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def list_(queue: Path, code: str | None, limit: int, form: str) -> None:
    """Show dead letters with their reasons, the oldest first; as JSON, one on each line, as `export` writes them."""
    with _loud():
        number = -1
        for number, letter in enumerate(dead_letters(queue, code)):
            if number == limit:
                click.echo(f"… more than {limit:,}; --limit shows more", err=True)
                break
            if form == "json":
                click.echo(printable_json(letter_line(letter).decode()))
                continue
            mapping = f' in "{letter.mapping}"' if letter.mapping else ""
            click.echo(printable(f"{letter.seq}  {letter.code}{mapping}: {letter.reason}"))
            click.echo(f"    {excerpt(letter.body)}")
        if number < 0:
            click.echo(f"there are no {_letters(code)}", err=True)


@command.command("retry")
@_queue
@_code
def retry(queue: Path, code: str | None) -> None:
    """Make refused requests pending again, with the same bytes; the next `send` tries them.

    Events that no request could be made of stay: export them, put the rules right, and send the file.
    Exit codes: 0 something is pending again, 1 there was nothing to try again, 2 it could not be done.
    """
    with _loud():
        revived = revive(queue, code)
        left = sum(1 for _ in dead_letters(queue, code))
    if revived:
        click.echo(f"{revived:,} pending again, {left:,} left; `rulewright send` tries them")
    elif left:
        click.echo(f"nothing to try again: no request could be made of the {_letters(code)}, {left:,} in number")
    else:
        click.echo(f"nothing to try again: there are no {_letters(code)}")
    if left:
        click.echo("`dead-letters export --events` writes the events, to be sent again under better rules")
    sys.exit(0 if revived else 1)


@command.command("bury")
@_queue
@click.argument("numbers", nargs=-1, required=True, type=int)
def bury_(queue: Path, numbers: tuple[int, ...]) -> None:
    """Make dead letters of pending parts by their NUMBERS, which `status --pending` shows.

    For a part that the destination always refuses while nothing else is sent, so that no answer proves whether the part
    or the sender is refused. `retry --code buried` makes them pending again.
    """
    with _loud():
        count = bury(queue, numbers, time.time())
    click.echo(f"{count:,} buried; `dead-letters retry --code buried` brings them back")


@command.command("export")
@_queue
@_code
@click.option("--events", is_flag=True, help="Only the events that never became a request, as they came in.")
def export(queue: Path, code: str | None, events: bool) -> None:
    """Write dead letters as JSON lines to standard output; nothing is taken out of the queue."""
    with _loud():
        for letter in dead_letters(queue, code):
            if not events:
                click.echo(letter_line(letter))
            elif letter.route is None:
                click.echo(event_line(letter))


def _letters(code: str | None) -> str:
    return "dead letters" if code is None else printable(f"dead letters with the code `{code}`")


@contextmanager
def _loud() -> Iterator[None]:
    try:
        yield
    except (QueueProblem, QueueInUse, NotPending) as problem:
        click.echo(printable(str(problem)), err=True)
        sys.exit(2)
