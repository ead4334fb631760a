"""The single event of a command: the only one of an input, or the one with a given number."""

from __future__ import annotations

import click

from ..printable import printable
from ..runtime.inputs.event_source import nth_event
from ..runtime.inputs.locations import locate_or_text
from ..runtime.inputs.problem import InputRefused
from ..runtime.mapping.event_text import read_event
from ..runtime.semantics.event import Event


def single_event(name: str, number: int | None) -> Event:
    """The event that is meant, read as `run` reads it. Raises UsageError where there is none."""
    try:
        locations = locate_or_text(name)
        shown = locations[0].name if len(locations) == 1 else name
        text = nth_event(shown, locations, number, "--line")
    except InputRefused as refused:
        raise click.UsageError(printable(str(refused))) from None
    try:
        return read_event(text)
    except ValueError as error:
        raise click.UsageError(f"`{name}` is not an event: {error}") from None
