"""The states of a partition, and the allowed transitions."""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum, auto


class State(IntEnum):
    """What a partition waits for. The hash of an int is in C, and each step of each partition asks for two."""

    IDLE = auto()
    """Nothing: nothing waits, and nothing is out."""
    READY = auto()
    """A batch: it is in the queue of a route."""
    IN_FLIGHT = auto()
    """An answer: parts of it are in a batch, and nothing else of it may go out."""
    DELAYED = auto()
    """A moment: its rate is used up, or the other side holds it back. Its parts are on disk only."""
    SPILLED = auto()
    """The disk: it may send, and its next parts must be read first."""


TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.IDLE: frozenset((State.READY,)),
    State.READY: frozenset((State.IN_FLIGHT, State.DELAYED)),
    State.IN_FLIGHT: frozenset((State.READY, State.DELAYED, State.SPILLED, State.IDLE)),
    State.DELAYED: frozenset((State.SPILLED,)),
    State.SPILLED: frozenset((State.READY, State.IDLE)),
}
"""The states that may follow each state."""
