"""Options of laws: the number of events, the seed, and the time limit."""

from __future__ import annotations

from dataclasses import dataclass

MOST_RECORDED = 500
"""The most recorded events that each law is tried on."""


@dataclass(frozen=True, slots=True)
class LawOptions:
    """How laws are tried."""

    count: int = 100
    """Events that are made for each law, besides those that the solver finds and those that were recorded."""
    seed: int = 0
    """The same seed makes the same events."""
    seconds: float = 30.0
    """Seconds for each law, after which it is tried on no more events."""
