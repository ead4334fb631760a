"""Reads ahead in a separate thread, so that decompression and mapping run at the same time."""

from __future__ import annotations

import sys
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")

AHEAD = 4
"""Items that are read and not yet asked for, at most."""
HANDOFF_SECONDS = 0.0005
"""For how long a thread that computes keeps the interpreter while another waits for it, at most.

A decompressor gives up the interpreter for each of its buffers. With Python's 5 ms it waits longer to get it back than
mapping takes for what it has read, so that nothing is decompressed beside the mapping.
"""


class _Ahead(Iterator[Item]):
    """The items of an iterable, read by a thread; an exception of the iterable is raised in the place of its item."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = items
        self._read: deque[Item] = deque()
        self._ended = self._stopped = False
        self._problem: BaseException | None = None
        self._changed = threading.Condition()
        self.thread = threading.Thread(target=self._run, name="rulewright-read-ahead", daemon=True)

    def _run(self) -> None:
        try:
            for item in self._items:
                with self._changed:
                    self._read.append(item)
                    self._changed.notify_all()
                    self._changed.wait_for(lambda: self._stopped or len(self._read) < AHEAD)
                    if self._stopped:
                        return
        except BaseException as problem:
            self._problem = problem
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def __next__(self) -> Item:
        with self._changed:
            self._changed.wait_for(lambda: self._read or self._ended)
            if self._read:
                self._changed.notify_all()
                return self._read.popleft()
        if self._problem is not None:
            raise self._problem
        raise StopIteration

    def stop(self) -> None:
        """Stops reading, after waiting for the item that is being read, so that the file can be closed."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()


class _QuickHandoffs:
    """Sets how long a thread keeps the interpreter, one setting of the process, while any reader is at work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._readers = 0
        self._before = 0.0

    def __enter__(self) -> None:
        with self._lock:
            if not self._readers:
                self._before = sys.getswitchinterval()
                sys.setswitchinterval(min(self._before, HANDOFF_SECONDS))
            self._readers += 1

    def __exit__(self, *problem: object) -> None:
        with self._lock:
            self._readers -= 1
            if not self._readers:
                sys.setswitchinterval(self._before)


_quick_handoffs = _QuickHandoffs()


@contextmanager
def read_ahead(items: Iterable[Item]) -> Iterator[Iterator[Item]]:
    """The items; a few are read before they are asked for."""
    ahead = _Ahead(items)
    with _quick_handoffs:
        ahead.thread.start()
        try:
            yield ahead
        finally:
            ahead.stop()
            ahead.thread.join()
