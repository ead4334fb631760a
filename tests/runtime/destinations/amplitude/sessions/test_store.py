"""Stores of sessions: kept for the next process, readable by their owner alone, and forgotten in time."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from rulewright.runtime.destinations.amplitude.sessions.store import MemoryStore, Session, SqliteStore

from .timed_events import NOON, sessions_of


def test_sessions_outlive_the_process(tmp_path: Path) -> None:
    path = tmp_path / "sessions.sqlite"
    with SqliteStore(path) as first:
        assert sessions_of([0], first) == [NOON]
    with SqliteStore(path) as second:
        assert sessions_of([1000], second) == [NOON]
        assert second.forget(NOON + 1000) == 0
        assert second.forget(NOON + 1001) == 1
        assert second.get("device:anon-1") is None
    with pytest.raises(sqlite3.ProgrammingError):
        second.get("device:anon-1")


def test_sessions_are_for_their_owner_and_what_is_forgotten_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "sessions.sqlite"
    before = os.umask(0o022)
    try:
        with SqliteStore(path) as kept:
            kept.set("user:person@example.com", Session(0, 0))
            assert {file.stat().st_mode & 0o777 for file in tmp_path.iterdir()} == {0o600}
            kept.forget(1)
    finally:
        os.umask(before)
    assert b"person@example.com" not in path.read_bytes()


def test_memory_forgets_who_was_quiet_the_longest() -> None:
    kept = MemoryStore(most_users=2)
    for user in ("a", "b", "a", "c"):
        kept.set(user, Session(0, 0))
    assert [kept.get(user) is None for user in ("a", "b", "c")] == [False, True, False]
