"""The thread that reads an input, and what it hands to the sender."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from ..mailbox import Mailbox
from ..store.transaction import InputPosition
from .ingest import RawEvent

CHUNK_EVENTS = 1_000
"""Events in one chunk, at most."""
STORED_CHUNK_EVENTS = 4_000
"""The same of an input that is stored: mostly whatever was read at once, because each commit waits for the disk."""
POLL_SECONDS = 0.25
"""How often an input that has nothing to give is looked at."""


class Chunk(NamedTuple):
    """Events that were read together, and the position behind them."""

    events: list[RawEvent]
    position: InputPosition | None


class InputProblem(Exception):
    """The input cannot be read, or is not the one that was read before."""


class EndOfInput(NamedTuple):
    """There is nothing more to come."""

    problem: Exception | None = None
    """Why reading failed."""
    left: str | None = None
    """What was left for the next run, in a sentence."""


class ReadsInput(Protocol):
    """The input of a sender."""

    def start(self) -> None:
        """Begin to post chunks, and at last the end of the input."""
        ...

    def stop(self) -> None:
        """End soon; events that were read are still posted."""
        ...

    def committed(self) -> None:
        """Note that one more chunk is on disk."""
        ...


class InputReader:
    """Reads an input on a thread of its own, at most `ahead` chunks further than what is on disk."""

    def __init__(self, source: Callable[[InputReader], Iterable[Chunk]], mailbox: Mailbox, *, ahead: int = 2) -> None:
        self._source = source
        self._mailbox = mailbox
        self._ahead = ahead
        self._posted = 0
        self.taken = 0
        """Chunks that are on disk."""
        self._changed = threading.Condition()
        self._stopping = False
        self.left: str | None = None
        """What the source leaves for the next run, in a sentence."""
        self._thread = threading.Thread(target=self._run, name="rulewright-reader", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def stop(self) -> None:
        """Read no more events; posted ones are still there."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()

    def committed(self) -> None:
        """Note that one more chunk is on disk, so that another may be read."""
        with self._changed:
            self._posted -= 1
            self.taken += 1
            self._changed.notify_all()

    @property
    def hungry(self) -> bool:
        """Whether everything that was posted is on disk, so that events that are ready should not wait for more."""
        return self._posted == 0

    @property
    def has_room(self) -> bool:
        """Whether one more chunk may be posted without waiting."""
        return self._posted < self._ahead

    def wait_for_room(self, seconds: float) -> None:
        """Wait until one more chunk may be posted or reading should stop, at most so many seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._stopping or self.has_room, seconds)

    def wait_until_taken(self, count: int, seconds: float) -> bool:
        """Wait until `count` chunks are on disk, at most so many seconds, and return whether they are."""
        with self._changed:
            return self._changed.wait_for(lambda: self.taken >= count, seconds)

    def poll(self) -> bool:
        """Wait a moment for more input, and return whether reading should stop."""
        with self._changed:
            return self._changed.wait_for(lambda: self._stopping, POLL_SECONDS)

    @property
    def stopping(self) -> bool:
        """Whether the source should end after the events that it has."""
        return self._stopping

    def _post(self, chunk: Chunk) -> None:
        with self._changed:
            self._posted += 1
            self._mailbox.put(chunk)
            self._changed.wait_for(lambda: self._stopping or self._posted <= self._ahead)

    def _run(self) -> None:
        problem: Exception | None = None
        try:
            for chunk in self._source(self):
                self._post(chunk)
        except Exception as caught:
            problem = caught
        except BaseException as caught:
            # A sender waits for the end of its input, so whatever ends this thread must say so.
            problem = InputProblem(f"the input raised {type(caught).__name__}")
        self._mailbox.put(EndOfInput(problem, self.left))
