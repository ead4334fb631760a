"""`rulewright dead-letters`: shows what could not be delivered and why, and sends it again."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click

from ..printable import printable, printable_json
from ..retried_letters import counted_changes, pending_now
from ..runtime.counted import counted
from ..runtime.delivery.dead_letter_export import event_line, letter_line
from ..runtime.delivery.remap import remap
from ..runtime.delivery.store.lease import QueueInUse
from ..runtime.delivery.store.problems import QueueProblem
from ..runtime.delivery.store.queue_status import NotDead, NotPending, bury, dead_letters, forget, revive
from .examples import examples
from .reporting import excerpt, is_quiet, quiet_option, tell
from .rules_to_send import delivery_of, mapper_to_send

_queue = click.option("--queue", type=click.Path(path_type=Path), required=True, help="The queue's file.")
_code = click.option("--code", help="Only those with this code.")


@click.group("dead-letters")
def command() -> None:
    """Manage what could not be delivered: list, retry, forget, bury, export."""


@command.command(
    "list", short_help="Show dead letters with their reasons.", epilog=examples("dead-letters list --queue queue.db")
)
@_queue
@_code
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@quiet_option
def list_(queue: Path, code: str | None, limit: int, form: str) -> None:
    """Show dead letters with their reasons, the oldest first; as JSON, one per line, like `export`."""
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
            tell(f"there are no {_letters(code)}")


@command.command(
    "retry",
    short_help="Make refused requests pending again.",
    epilog=examples("dead-letters retry --queue queue.db", "dead-letters retry --queue queue.db --rules shop.rules"),
)
@_queue
@_code
@click.option(
    "--rules", type=click.Path(path_type=Path), help="Map the events that never became a request by these rules."
)
@quiet_option
def retry(queue: Path, code: str | None, rules: Path | None) -> None:
    """Make refused requests pending again, with the same bytes; the next `send` tries them.

    Events that never became a request stay in the queue, unless --rules maps them again: only by the mapping that
    failed, if one did, because the other mappings have sent the event. Then refused requests stay, and a summary shows
    the result of each event. An event that no rule takes now stays too.
    Exit codes: 0 something is pending again, 1 there was nothing to try again, 2 the command failed.
    """
    if rules is not None:
        _retry_by(rules, queue, code)
    with _loud():
        revived = revive(queue, code)
        left = sum(1 for _ in dead_letters(queue, code))
    if revived and not left and is_quiet():
        return
    if revived:
        click.echo(f"{revived:,} pending again, {left:,} left; `rulewright send` tries them")
    elif left:
        click.echo(f"nothing to try again: no request could be made of the {_letters(code)}, {left:,} in number")
    else:
        click.echo(f"nothing to try again: there are no {_letters(code)}")
    if left:
        click.echo("`dead-letters retry --rules RULES` maps the events again, by better rules")
    sys.exit(0 if revived else 1)


def _retry_by(rules: Path, queue: Path, code: str | None) -> NoReturn:
    mapper = mapper_to_send(rules, "nothing was mapped")
    adapter = delivery_of(mapper).trial(mapper.settings).adapter  # no request is sent here, so no key is needed
    names = [mapping.name for mapping in mapper.program.mappings]
    with _loud():
        done = remap(queue, mapper, adapter, names, code)
        refused = sum(letter.route is not None for letter in dead_letters(queue, code))
    if is_quiet() and done.parts and not refused and all(change.result == "pending" for change in done.changes):
        sys.exit(0)
    for count, sentence in counted_changes(done):
        click.echo(f"{count:9,}  {sentence}")
    click.echo(pending_now(done))
    if refused:
        click.echo(
            f"{counted(refused, 'refused request')} left; `dead-letters retry` without --rules sends the bytes again"
        )
    sys.exit(0 if done.parts else 1)


@command.command(
    "forget",
    short_help="Remove dead letters.",
    epilog=examples("dead-letters forget --queue queue.db 3 4", "dead-letters forget --queue queue.db --code buried"),
)
@_queue
@_code
@click.option("--all", "every", is_flag=True, help="All dead letters.")
@quiet_option
@click.argument("numbers", nargs=-1, type=int)
def forget_(queue: Path, code: str | None, every: bool, numbers: tuple[int, ...]) -> None:
    """Remove dead letters: by their NUMBERS, which `list` shows, by --code, or --all of them.

    Their content is overwritten on disk and cannot be restored; `export` first to keep a copy. `status` counts
    forgotten letters. Exit codes: 0 they are forgotten, 1 there were none, 2 the command failed.
    """
    if (code is not None) + every + bool(numbers) != 1:
        raise click.UsageError("say what to forget: numbers, --code CODE or --all")
    with _loud():
        codes = forget(queue, time.time(), code, numbers or None)
    if not codes:
        click.echo(f"nothing to forget: there are no {_letters(code)}")
        sys.exit(1)
    if is_quiet():
        return
    listed = ", ".join(f"{count:,} {name}" for name, count in sorted(codes.items()))
    click.echo(printable(f"{counted(codes.total(), 'dead letter')} forgotten: {listed}"))


@command.command(
    "bury", short_help="Make pending parts dead letters.", epilog=examples("dead-letters bury --queue queue.db 7")
)
@_queue
@quiet_option
@click.argument("numbers", nargs=-1, required=True, type=int)
def bury_(queue: Path, numbers: tuple[int, ...]) -> None:
    """Make pending parts dead letters, by their NUMBERS, which `status --pending` shows.

    Use it for a part that the destination always refuses while nothing else is sent, because then no answer shows
    whether the part or the sender is refused. `retry --code buried` makes the parts pending again.
    """
    with _loud():
        count = bury(queue, numbers, time.time())
    if not is_quiet():
        click.echo(f"{count:,} buried; `dead-letters retry --code buried` brings them back")


@command.command(
    "export",
    short_help="Write dead letters as JSON lines.",
    epilog=examples(
        "dead-letters export --queue queue.db > dead.jsonl",
        "dead-letters export --queue queue.db --events > events.jsonl",
    ),
)
@_queue
@_code
@click.option("--events", is_flag=True, help="Only the events that never became a request, unchanged.")
def export(queue: Path, code: str | None, events: bool) -> None:
    """Write dead letters as JSON lines to standard output; they stay in the queue."""
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
    except (QueueProblem, QueueInUse, NotPending, NotDead) as problem:
        click.echo(printable(str(problem)), err=True)
        sys.exit(2)
