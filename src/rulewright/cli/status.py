"""`rulewright status`: counts the content of a queue, also while a sender works."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import click

from ..printable import printable, printable_json
from ..runtime.counted import counted
from ..runtime.delivery.store.problems import QueueProblem
from ..runtime.delivery.store.queue_status import Pending, QueueStatus, pending, status
from ..runtime.destinations import DESTINATIONS, BrokenDestination
from .examples import examples
from .number_range import NumberRange
from .reporting import excerpt


@click.command(
    "status", epilog=examples("status --queue queue.db", "status --queue queue.db --max-age 3600 --max-dead 0")
)
@click.option("--queue", type=click.Path(path_type=Path), required=True, help="The queue's file.")
@click.option(
    "--pending", "shown", type=click.IntRange(min=0), default=0, help="Show this many of the oldest pending parts."
)
@click.option(
    "--max-age",
    type=NumberRange(min=0),
    help="Exit with 1 if the oldest pending part has waited for more seconds.",
)
@click.option("--max-dead", type=click.IntRange(min=0), help="Exit with 1 if there are more dead letters.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def command(queue: Path, shown: int, max_age: float | None, max_dead: int | None, form: str) -> None:
    """Show the counts of a queue: accepted = delivered + dead + pending + forgotten.

    They count the events and calls of the destination.

    For monitoring, set limits with --max-age (seconds) and --max-dead.

    Exit codes: 0 the counts agree and no limit is exceeded, 1 they do not agree, transactions are missing or a limit
    is exceeded, 2 the queue does not exist or is damaged.
    """
    now = time.time()
    try:
        counts = status(queue, now)
        parts = pending(queue, shown) if shown else []
    except QueueProblem as problem:
        click.echo(printable(str(problem)), err=True)
        sys.exit(2)
    if form == "json":
        more = {"pending_parts": [part_as_dict(part, now) for part in parts]} if shown else {}
        click.echo(printable_json(json.dumps(as_dict(counts) | more)))
    else:
        click.echo("\n".join([*sentences(counts), *(part_line(part, now) for part in parts)]))
    excess = list(_too_much(counts, max_age, max_dead))
    for sentence in excess:
        click.echo(sentence, err=True)
    sys.exit(0 if counts.balanced and not counts.lost and not excess else 1)


def _too_much(counts: QueueStatus, max_age: float | None, max_dead: int | None) -> Iterator[str]:
    """What is more than the person who asked wants to hear of."""
    if max_age is not None and (counts.oldest_seconds or 0) > max_age:
        yield f"the oldest pending has waited for {counts.oldest_seconds:.0f} seconds, and {max_age:g} are allowed"
    if max_dead is not None and counts.dead > max_dead:
        yield f"{counts.dead:,} are dead, and {max_dead:,} are allowed"


def is_too_old(counts: QueueStatus) -> bool:
    """Whether the destination may have forgotten the oldest part, if it took it without an answer."""
    return counts.is_older_than(_memory(counts))


def _memory(counts: QueueStatus) -> float | None:
    try:
        destination = DESTINATIONS.get(counts.destination)
    except BrokenDestination:
        return None
    return None if destination is None else destination.deduplicates_for


def as_dict(counts: QueueStatus) -> dict[str, object]:
    """All of it, for programs."""
    return {**counts._asdict(), "balanced": counts.balanced, "older_than_insert_ids": is_too_old(counts)}


def sentences(counts: QueueStatus) -> list[str]:
    """All of it, for people."""
    lines = [
        f"{counts.accepted:9,}  accepted",
        f"{counts.delivered:9,}  delivered",
        f"{counts.dead:9,}  dead"
        + "".join(f"\n{count:16,}  {printable(code)}" for code, count in counts.dead_codes.items()),
        f"{counts.pending:9,}  pending",
        *([f"{counts.forgotten:9,}  forgotten"] if counts.forgotten else []),
        f"{counted(counts.events, 'event')} read: {counts.unmatched:,} matched nothing, {counts.dropped:,} dropped,"
        f" {counts.opted_out:,} opted out",
    ]
    if counts.repairs:
        lines.append(repaired(counts.repairs))
    lines += [printable(f"{counted(lines_read, 'line')} read of {name}") for name, lines_read in counts.inputs.items()]
    if counts.oldest_seconds is not None:
        lines.append(f"the oldest pending has waited for {_duration(counts.oldest_seconds)}")
    if is_too_old(counts):
        days = counted(round((_memory(counts) or 0.0) / 86_400), "day")
        lines.append(f"that is longer than the {days} for which {counts.destination} recognizes what it took: what was")
        lines.append("taken without an answer before may be counted twice")
    if counts.lost:
        lines.append(
            f"the last {counted(counts.lost, 'transaction')} are missing: the database's log was damaged or removed"
        )
    if not counts.balanced:
        lines.append("the accounts do not agree with what is in the file: it was changed by something else")
    return lines


def part_as_dict(part: Pending, now: float) -> dict[str, object]:
    """A pending part, for programs."""
    return {
        "seq": part.seq,
        "endpoint": part.route.url,
        "waited_seconds": max(0.0, now - part.accepted_at),
        "body": part.body.decode("utf-8", "replace"),
    }


def part_line(part: Pending, now: float) -> str:
    """A pending part, for people."""
    waited = _duration(max(0.0, now - part.accepted_at))
    return f"{part.seq}  {printable(part.route.kind)}, for {waited}: {excerpt(part.body)}"


def repaired(repairs: Mapping[str, int]) -> str:
    """How many values were repaired, and by which codes."""
    codes = ", ".join(f"{count:,} {code}" for code, count in sorted(repairs.items()))
    return f"{counted(sum(repairs.values()), 'value')} repaired so that the rest could be sent: {codes}"


def _duration(seconds: float) -> str:
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 2 * size:
            return counted(round(seconds / size), name)
    return counted(round(seconds), "second")
