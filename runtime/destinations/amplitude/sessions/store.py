"""Where the sessions of users are kept between events: in memory, or in a SQLite file that outlives the process."""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol, Self
from weakref import finalize

from ....private_files import open_private

MOST_USERS = 1_000_000
"""Users kept in memory, at most; the one without an event for the longest time is forgotten first."""


class Session(NamedTuple):
    """The current session of a user and the one before it, in milliseconds since 1970."""

    start: int
    last: int
    """When its latest event happened."""
    previous_start: int | None = None
    previous_last: int | None = None


class SessionStore(Protocol):
    """Keeps one session for each user."""

    def get(self, user: str) -> Session | None: ...

    def set(self, user: str, session: Session) -> None: ...


class MemoryStore:
    """Keeps the sessions of the `most_users` latest users in memory, as long as the process."""

    def __init__(self, most_users: int = MOST_USERS) -> None:
        self._sessions: OrderedDict[str, Session] = OrderedDict()
        self._most_users = most_users

    def get(self, user: str) -> Session | None:
        return self._sessions.get(user)

    def set(self, user: str, session: Session) -> None:
        self._sessions[user] = session
        self._sessions.move_to_end(user)
        if len(self._sessions) > self._most_users:
            self._sessions.popitem(last=False)


class SqliteStore:
    """Sessions in a file; each is written before its event is mapped, so that a restart continues where it ended.

    The file is for its owner alone. Raises sqlite3.Error or OSError when it cannot be used. For one thread at a time.
    """

    def __init__(self, path: str | Path) -> None:
        # events may be read in a thread of their own, one at a time
        self._database = sqlite3.connect(open_private(Path(path)), isolation_level=None, check_same_thread=False)
        try:
            self._database.executescript(
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;"
                "CREATE TABLE IF NOT EXISTS sessions (user TEXT PRIMARY KEY, start INTEGER NOT NULL,"
                " last INTEGER NOT NULL, previous_start INTEGER, previous_last INTEGER) WITHOUT ROWID"
            )
        except sqlite3.Error:
            self._database.close()
            raise
        # Whoever maps with sessions need not know that there is a file to close.
        finalize(self, self._database.close)

    def get(self, user: str) -> Session | None:
        row = self._database.execute(
            "SELECT start, last, previous_start, previous_last FROM sessions WHERE user = ?", (user,)
        ).fetchone()
        return None if row is None else Session(*row)

    def set(self, user: str, session: Session) -> None:
        self._database.execute("INSERT OR REPLACE INTO sessions VALUES (?, ?, ?, ?, ?)", (user, *session))

    def forget(self, before: int) -> int:
        """Remove users without an event since a time, in milliseconds since 1970, and return their number."""
        return self._database.execute("DELETE FROM sessions WHERE last < ?", (before,)).rowcount

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
