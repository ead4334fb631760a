"""The one source of time and chance for delivery, so that tests decide both."""

from __future__ import annotations

import random
import time
from typing import Protocol


class Clock(Protocol):
    """Two clocks that must not be confused, and a source of chance."""

    def monotonic(self) -> float:
        """Seconds that never jump: all waiting is counted in these."""
        ...

    def wall(self) -> float:
        """Seconds since the epoch, which an operator may set back or forth: for the age of what is queued."""
        ...

    def random(self) -> float:
        """A number from 0 up to 1."""
        ...


class SystemClock:
    """The machine's own."""

    def monotonic(self) -> float:
        """Seconds that never jump."""
        return time.monotonic()

    def wall(self) -> float:
        """Seconds since the epoch."""
        return time.time()

    def random(self) -> float:
        """A number from 0 up to 1; it spreads retries and guards nothing."""
        return random.random()
