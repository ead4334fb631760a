"""Puts sessions before a mapper: with a store for many events, or without for single events."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

from ....destination import InspectableMapper
from .session_ids import NAMED, SessionMapper, SessionRules, Sessions
from .store import MemoryStore, SqliteStore


def staged(mapper: InspectableMapper, file: str | Path, named: str | None = None) -> SessionMapper:
    """The mapper with sessions before it, kept in a file, or in memory for `-`; `named` rules are `web` or `mobile`.

    Raises ValueError where the file cannot keep sessions, or where neither the rules nor a name says how to count them.
    """
    return keeping(file, named)(mapper)


def keeping(file: str | Path, named: str | None = None) -> Callable[[InspectableMapper], SessionMapper]:
    """A function that puts the same sessions before several mappers. Both raise ValueError as `staged` does."""
    rules = _rules(named)
    try:
        store = MemoryStore() if str(file) == "-" else SqliteStore(file)
    except (sqlite3.Error, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise ValueError(f"{file} cannot keep sessions: {reason}") from None

    def stage(mapper: InspectableMapper) -> SessionMapper:
        sessions = Sessions.of(mapper, store, rules)
        if sessions is None:
            raise ValueError(
                "the rules have no mapping to sessionId, which says which events have sessions, and how long"
            )
        return SessionMapper(mapper, sessions)

    return stage


def single_stage(mapper: InspectableMapper, named: str | None = None) -> Sessions:
    """A stage without earlier sessions. Raises ValueError if neither the rules nor a name says how to count them."""
    stage = Sessions.of(mapper, rules=_rules(named))
    if stage is None:
        raise ValueError("the rules have no mapping to sessionId; --session-rules says how to count sessions")
    return stage


def _rules(named: str | None) -> SessionRules | None:
    if named is not None and named not in NAMED:
        raise ValueError(f"there are no session rules `{named}`; there are: {', '.join(NAMED)}")
    return None if named is None else NAMED[named]
