"""Files of queues: closed by their sender, or left by a killed one."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.transaction import Transaction
from tests.runtime.delivery.store.parts import WHY, part

PAGE = 8_192


def filled(path: Path, commits: int = 10) -> Path:
    """A queue with a few hundred parts, closed."""
    with closing(Queue(path, "amplitude")) as queue:
        for number in range(commits):
            queue.apply(Transaction(parts=[part(number * 100 + within) for within in range(100)]), 1.0)
        queue.apply(Transaction(delivered=[1, 2], dead=[(3, WHY)]), 2.0)
    return path


def crashed(path: Path, commits: int = 10) -> Path:
    """The same as a sender leaves it that is killed: its last transactions are in the database's log alone."""
    live = path.with_name("live.db")
    with closing(Queue(live, "amplitude")) as queue:
        queue._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for number in range(commits):
            queue.apply(Transaction(parts=[part(number * 100 + within) for within in range(100)]), 1.0)
        for end in ("", "-wal", ".mark"):
            shutil.copy(f"{live}{end}", f"{path}{end}")
    return path
