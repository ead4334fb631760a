"""Rates: token buckets, and a number of connections that follows the answers."""

from __future__ import annotations

ROUNDING = 1e-6
"""So that the moment that `Bucket.ready_at` names is one at which it is ready."""


class Bucket:
    """A token bucket: `rate` a second on average, `burst` at once."""

    __slots__ = ("_burst", "_level", "_rate", "_stamp")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self._rate = rate
        self._burst = burst
        self._level = burst
        self._stamp = now

    def ready(self, now: float) -> bool:
        """Whether one more may be sent now."""
        self._level = min(self._burst, self._level + max(0.0, now - self._stamp) * self._rate)
        self._stamp = now
        return self._level >= 1.0 - ROUNDING

    def take(self, count: int) -> None:
        """Spend tokens; they may become negative, so that no batch is divided because of them."""
        self._level -= count

    def ready_at(self) -> float:
        """When one more may be sent."""
        return self._stamp + max(0.0, 1.0 - self._level) / self._rate


class Concurrency:
    """Additive increase, multiplicative decrease of the requests in flight, as TCP does it."""

    __slots__ = ("_lowered_at", "_most", "_now")

    def __init__(self, most: int, start: int = 4) -> None:
        self._most = most
        self._now = float(min(start, most))
        self._lowered_at = float("-inf")

    @property
    def limit(self) -> int:
        """Requests that may be in flight."""
        return int(self._now)

    def went_well(self) -> None:
        """Allow one more request in flight after each round of good answers."""
        self._now = min(float(self._most), self._now + 1.0 / self._now)

    def overloaded(self, sent_at: float, now: float) -> None:
        """Halve the limit, once for all requests that were in flight together."""
        if sent_at >= self._lowered_at:
            self._now = max(1.0, self._now / 2.0)
            self._lowered_at = now
