"""The options `--sessions` and `--session-rules` of the commands that map events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from ..runtime.destination import Enriches, MapsEvents, SessionStages
from ..runtime.destinations import DESTINATIONS
from ..runtime.mapper import Mapper

Command = TypeVar("Command", bound=Callable[..., Any])

rules_option = click.option(
    "--session-rules",
    metavar="NAME",
    help="How sessions are counted, in place of the fields of that mapping: web (30 minutes) or mobile (5 minutes, "
    "with session_start and session_end events).",
)
_file_option = click.option(
    "--sessions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Give events the IDs of their sessions, as the rules' mapping to sessionId says; the file keeps the sessions "
    "from run to run, - keeps them in memory.",
)


def options(command: Command) -> Command:
    """Both options, for a command that maps many events."""
    return _file_option(rules_option(command))


def single_options(command: Command) -> Command:
    """Both options, for a command that looks at single events: each is the first that its user sends."""
    flag = click.option(
        "--sessions", is_flag=True, help="Give the event the ID of a session that starts with it, in memory."
    )
    return flag(rules_option(command))


def single_stage(mapper: Mapper, named: str | None) -> Enriches:
    """A stage without earlier sessions. Raises UsageError if nothing says how to count sessions."""
    try:
        return _stages(mapper).single_stage(mapper, named)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def in_sessions(mapper: Mapper, file: Path | None, named: str | None) -> MapsEvents:
    """The mapper with the stage for sessions before it; without a file, the mapper itself. Raises as `stage_for`."""
    return stage_for(mapper, file, named)(mapper)


def stage_for(mapper: Mapper, file: Path | None, named: str | None) -> Callable[[Mapper], MapsEvents]:
    """A function that puts the stage before this mapper, and before later mappers of changed rules.

    Without a file, the function returns the mapper itself. Raises UsageError if the sessions cannot be counted.
    """
    if file is None:
        if named is not None:
            raise click.UsageError("--session-rules counts sessions that --sessions keeps: name a file, or -")
        return lambda mapper: mapper
    try:
        stage = _stages(mapper).keeping(file, named)
        stage(mapper)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return stage


def _stages(mapper: Mapper) -> SessionStages:
    name = mapper.program.destination
    sessions = DESTINATIONS[name].sessions
    if sessions is None:
        raise click.UsageError(f"{name} has no sessions: leave out --sessions and --session-rules")
    return sessions()
