"""The option `--sessions` of the commands that map events."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import click

from ..runtime.destinations.amplitude.sessions.stage import SessionMapper, Sessions
from ..runtime.destinations.amplitude.sessions.store import MemoryStore, SqliteStore
from ..runtime.mapping.mapper import Mapper

option = click.option(
    "--sessions",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Give events the IDs of their sessions, as the rules' mapping to sessionId says; the file keeps the sessions "
    "from run to run, - keeps them in memory.",
)


def in_sessions(mapper: Mapper, file: Path | None) -> Mapper | SessionMapper:
    """The mapper with the stage for sessions before it, if the option is given."""
    if file is None:
        return mapper
    try:
        stage = Sessions.of(mapper, MemoryStore() if str(file) == "-" else SqliteStore(file))
    except (sqlite3.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise click.UsageError(f"{file} cannot keep sessions: {reason}") from None
    if stage is None:
        raise click.UsageError("the rules have no mapping to sessionId, which says how sessions are told apart")
    return SessionMapper(mapper, stage)
