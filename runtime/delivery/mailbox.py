"""The mailbox of the sender: answers, input, and requests to stop."""

from __future__ import annotations

import queue
from typing import Protocol


class Mailbox(Protocol):
    """A queue that a sender waits on; in a test, waiting moves the clock instead."""

    def put(self, message: object) -> None:
        """Post a message, from any thread or a signal handler."""
        ...

    def take(self, timeout: float) -> list[object]:
        """All messages, after at most so many seconds of waiting for the first; an empty list if none came."""
        ...


class ThreadMailbox:
    """A mailbox between the threads of one process; to put a message into it never waits."""

    def __init__(self) -> None:
        # SimpleQueue alone may be put to from a signal handler that interrupts its own get.
        self._messages: queue.SimpleQueue[object] = queue.SimpleQueue()

    def put(self, message: object) -> None:
        """Post a message."""
        self._messages.put(message)

    def take(self, timeout: float) -> list[object]:
        """All messages that are there, after waiting at most so many seconds for the first."""
        messages: list[object] = []
        try:
            messages.append(self._messages.get(block=timeout > 0, timeout=timeout if timeout > 0 else None))
            while True:
                messages.append(self._messages.get_nowait())
        except queue.Empty:
            return messages
