"""`rulewright profile`: shows what recorded events contain, before rules are written."""

from __future__ import annotations

import sys

import click

from ..profile.as_text import as_json, as_text
from ..profile.profile import profile
from .event_input import event_input
from .examples import examples
from .reporting import painter, quiet_option, write_json


@click.command("profile", epilog=examples("profile events.jsonl", "profile events.jsonl.gz --format json"))
@click.argument("events", default="-")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@quiet_option
def command(events: str, form: str) -> None:
    """Count what EVENTS (JSON lines; a file, or - for standard input) contain: types, names, paths, kinds of value.

    Values are never shown.
    """
    with event_input(events, "reading") as lines:
        profiled = profile(lines)
    if not profiled.events:
        raise click.UsageError(f"no line of `{events}` is an event")
    if form == "json":
        write_json(as_json(profiled))
    else:
        sys.stdout.writelines(f"{line}\n" for line in as_text(profiled, painter(sys.stdout)))
