"""Disk space: refuses events while there is still enough to deliver those already accepted."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from ..store.problems import QueueProblem
from ..store.queue import Queue

QUOTA = 10_000_000_000
"""Bytes that a queue may use."""
RESERVE = 256_000_000
RESERVE_SHARE = 20
"""On a small disk, one byte in this many stays free."""


class DiskSpace:
    """Says whether the disk has room for more events."""

    def __init__(
        self,
        path: Path,
        quota: int = QUOTA,
        reserve: int | None = None,
        usage: Callable[[Path], tuple[int, int, int]] = shutil.disk_usage,
    ) -> None:
        """`reserve`: bytes that must stay free; by default a twentieth of the disk, and at most 256 MB."""
        self._folder = path.parent
        self._quota = quota
        self._reserve = reserve
        self._usage = usage

    def problem(self, queue: Queue) -> str | None:
        """Why no more events should be accepted, in a sentence; None while there is room."""
        try:
            total, _, free = self._usage(self._folder)
            used = queue.used_bytes()
        except (OSError, QueueProblem) as problem:
            return f"the disk cannot be looked at: {problem}"
        reserve = min(RESERVE, total // RESERVE_SHARE) if self._reserve is None else self._reserve
        if free < reserve:
            return f"the disk has {_mb(free)} left, and {_mb(reserve)} are kept free"
        if used > self._quota:
            return f"the queue uses {_mb(used)}, and its quota is {_mb(self._quota)}"
        return None


def _mb(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
