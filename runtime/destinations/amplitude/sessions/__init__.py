"""Sessions, as Amplitude counts them."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ....mapping.mapper import Mapper
    from .stage import SessionMapper


def staged(mapper: Mapper, file: str | Path, named: str | None = None) -> SessionMapper:
    """The mapper with sessions before it, kept in a file, or in memory for `-`; `named` rules are `web` or `mobile`.

    Raises ValueError where the file cannot keep sessions, or where neither the rules nor a name says how to count them.
    """
    from .stage import NAMED, SessionMapper, Sessions  # it needs the mapper, and the mapper needs the destination
    from .store import MemoryStore, SqliteStore

    try:
        store = MemoryStore() if str(file) == "-" else SqliteStore(file)
    except (sqlite3.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ValueError(f"{file} cannot keep sessions: {reason}") from None
    stage = Sessions.of(mapper, store, None if named is None else NAMED[named])
    if stage is None:
        raise ValueError("the rules have no mapping to sessionId, which says which events have sessions, and how long")
    return SessionMapper(mapper, stage)
