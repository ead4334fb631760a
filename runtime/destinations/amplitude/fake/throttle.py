"""The fake's limit on what one user or device may send: a number of events in any second; more are refused."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any

WINDOW_SECONDS = 1.0


class Throttle:
    """Counts events by id over the last second, which is stricter than the average that Amplitude documents.

    Source: "HTTP V2 API": 30 events a second for one user or device, "averaging over a recent time window".
    """

    def __init__(self, rate: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._taken: dict[tuple[str, str], deque[float]] = {}

    def exceeded(self, events: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, int]]:
        """`{"user_id": {id: events a second}, "device_id": …}` of those that would be above the rate."""
        coming: dict[tuple[str, str], int] = {}
        for event in events:
            for key in _ids(event):
                coming[key] = coming.get(key, 0) + 1
        above: dict[str, dict[str, int]] = {}
        for (name, text), count in coming.items():
            total = count + len(self._recent((name, text)))
            if total > self._rate:
                above.setdefault(name, {})[text] = total
        return above

    def take(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Count events that were taken."""
        now = self._clock()
        for event in events:
            for key in _ids(event):
                self._taken.setdefault(key, deque()).append(now)

    def _recent(self, key: tuple[str, str]) -> deque[float]:
        taken = self._taken.get(key)
        if taken is None:
            return deque()
        since = self._clock() - WINDOW_SECONDS
        while taken and taken[0] <= since:
            taken.popleft()
        return taken


def _ids(event: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(name, event[name]) for name in ("user_id", "device_id") if event.get(name) is not None]
