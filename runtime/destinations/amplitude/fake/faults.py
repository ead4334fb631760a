"""Scripted faults: which request fails, and how, decided by a seed so that a run can be repeated."""

from __future__ import annotations

import random
from collections.abc import Sequence

FAULTS: dict[str, str] = {
    "400": "refuses the request without saying why",
    "400-key": "says that the API key is wrong",
    "400-first": "names only the first of the events that it refuses",
    "403": "forbids the request",
    "413": "finds the request too large",
    "429": "asks for less, with Retry-After",
    "429-ids": "throttles the first user of the request",
    "429-quota": "says that the first user's daily quota is used up",
    "500": "fails before taking anything",
    "502": "takes everything and answers 502",
    "503": "takes nothing and answers 503",
    "504": "takes everything and answers 504",
    "reset-before": "closes the connection before taking anything",
    "reset-after": "takes everything and closes the connection",
    "cut": "takes everything and cuts the answer off",
    "html": "takes everything and answers 200 with a page",
    "count": "takes everything and answers 200 with another count",
    "slow": "takes everything and answers a few bytes at a time",
    "stall": "takes everything and never ends its answer",
}
"""Every fault that the fake can play, and what it does."""

TRANSIENT = tuple(name for name in FAULTS if name not in ("400-key", "429-quota", "stall"))
"""Faults from which a sender recovers in a short time."""


class FaultScript:
    """One request in `every` fails, with a fault drawn from `kinds`."""

    def __init__(self, kinds: Sequence[str], every: float = 5.0, seed: int = 1) -> None:
        unknown = [kind for kind in kinds if kind not in FAULTS]
        if unknown:
            raise ValueError(f"`{unknown[0]}` is not a fault; faults are {', '.join(FAULTS)}")
        self._kinds = list(kinds)
        self._chance = 1.0 / every if kinds else 0.0
        self._random = random.Random(seed)

    def draw(self) -> str | None:
        """The fault of the next request, or None."""
        if not self._kinds or self._random.random() >= self._chance:
            return None
        return self._random.choice(self._kinds)
