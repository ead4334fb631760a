"""The one source of time and chance for delivery, so that tests decide both."""

from __future__ import annotations

import random
import time
from typing import Protocol


class Clock(Protocol):
    """Two clocks that must not be confused, and a source of chance."""

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps, for everything that waits."""
        ...

    def wall(self) -> float:
        """Seconds since 1970 of a clock that an operator may set, for the age of what is in the queue."""
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
