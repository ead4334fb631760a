"""A lease for one sender of a queue, which the operating system releases however the process ends."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from types import TracebackType

from ...private_files import open_private
from .problems import queue_problem
from .queue_file import queue_file


class QueueInUse(Exception):
    """Another process sends from this queue."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another process is sending from `{path}`; one queue has one sender at a time")


class Lease:
    """The right to send from a queue: a lock on a file beside it, the same one whatever link leads to the queue.

    The lock is SQLite's own, the same on every system: an exclusive transaction that is never committed, which
    the kernel ends with the process. Readers of the queue are not disturbed. Raises QueueInUse, and QueueProblem when
    there can be no such file.
    """

    def __init__(self, queue: Path) -> None:
        lock = Path(f"{queue_file(queue)}.lock")
        try:
            lock = open_private(lock)
            self._connection = sqlite3.connect(lock, timeout=0.0, isolation_level=None, check_same_thread=False)
        except (sqlite3.Error, OSError) as problem:
            raise queue_problem(queue, problem) from problem
        try:
            self._connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as problem:
            self._connection.close()
            if problem.sqlite_errorname.startswith("SQLITE_BUSY"):
                raise QueueInUse(queue) from None
            raise queue_problem(lock, problem) from problem

    def release(self) -> None:
        """Let another process send."""
        self._connection.close()

    def __enter__(self) -> Lease:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
