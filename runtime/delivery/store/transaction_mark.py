"""A mark beside the queue that counts its transactions, so that missing ones are noticed.

SQLite ignores everything after a damaged frame of its log, or a log that is gone, as if it had never been committed.
The mark is written after each commit. It is not synced, so after a power cut it may be behind the queue, but it is
ahead only if the queue has lost transactions.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

from ...private_files import open_private


def mark_file(queue: Path) -> Path:
    """Where the mark of a queue is."""
    return queue.with_name(f"{queue.name}.mark")


def read_mark(queue: Path, name: str) -> int:
    """The number of transactions that the queue of this name has had; 0 if there is no mark for it."""
    try:
        marked, commits = mark_file(queue).read_bytes().split()
        return int(commits) if marked == name.encode() else 0
    except (OSError, ValueError):
        return 0


class TransactionMark:
    """The mark, open for writing and empty. Raises OSError if it cannot be made."""

    def __init__(self, queue: Path, name: str) -> None:
        self._name = name
        self._file = open_private(mark_file(queue)).open("wb", buffering=0)

    def write(self, commits: int) -> None:
        """Write the number of commits; a mark that cannot be written is out of date, which does no harm."""
        with contextlib.suppress(OSError):
            self._file.seek(0)
            self._file.write(f"{self._name} {commits:020d}\n".encode())

    def close(self) -> None:
        """Close the file."""
        self._file.close()
