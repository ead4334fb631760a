"""What a sender waits for, and until when, in a file beside its queue: for `status` and the studio, while it works."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from ...private_files import OWNER_ONLY, remove_abandoned, replace_file

STALE_SECONDS = 10.0
"""A sender writes every few seconds at least; what is older is of one that was killed."""

WaitCause = Literal["held back", "rate", "retry"]


class Wait(NamedTuple):
    """Users or requests that wait. Times are in seconds: monotonic from the scheduler, wall time in the file."""

    cause: WaitCause
    """`held back`: users that the destination throttles. `rate`: users whose rate is used up. `retry`: requests that
    are tried again."""
    number: int
    """The number of users or requests."""
    first: float
    """When the first of them continues."""
    last: float
    reason: str = ""
    """The latest message of the destination."""


class _Content(msgspec.Struct):
    at: float
    waits: list[Wait]


def waits_file(queue: Path) -> Path:
    """Where the waits of a queue are."""
    return queue.with_name(f"{queue.name}.waits")


class WaitsFile:
    """The file, which exists only while something waits."""

    def __init__(self, queue: Path) -> None:
        self._path = waits_file(queue)
        remove_abandoned(self._path)
        self._written: list[Wait] = []
        self._written_at = 0.0

    def write(self, waits: list[Wait], now: float) -> None:
        """Replace the file, or remove it if nothing waits. A file that cannot be written does no harm."""
        if waits == self._written and now - self._written_at < STALE_SECONDS / 3:
            return
        with contextlib.suppress(OSError):
            if waits:
                replace_file(self._path, msgspec.json.encode(_Content(now, waits)), OWNER_ONLY)
            elif self._written:
                self._path.unlink()
        self._written, self._written_at = waits, now


def read_waits(queue: Path, now: float) -> list[Wait]:
    """The waits of the sender of a queue, at `now` of the wall clock in seconds; empty without a sender or a wait."""
    try:
        content = msgspec.json.decode(waits_file(queue).read_bytes(), type=_Content)
    except (OSError, msgspec.MsgspecError):
        return []
    return content.waits if abs(now - content.at) < STALE_SECONDS else []
