"""How long a request waits before it is tried again: full jitter under a doubling ceiling."""

from __future__ import annotations

from ..clock import Clock

BACKOFF_BASE = 0.1
BACKOFF_CAP = 60.0


def backoff(attempt: int, clock: Clock, base: float = BACKOFF_BASE, cap: float = BACKOFF_CAP) -> float:
    """Seconds before attempt number `attempt` (the first retry is 1): full jitter under a doubling ceiling.

    Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
    """
    ceiling = min(cap, base * 2.0 ** min(attempt, 32))
    return float(clock.random() * ceiling)
