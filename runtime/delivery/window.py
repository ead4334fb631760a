"""The window: the part of the queue that is in memory, filled from disk as it empties."""

from __future__ import annotations

import logging

from .clock import Clock
from .disposition import Reason
from .schedule.partitions import PARTITION_DEPTH, Partitions, QueuedPart
from .store.queue import Queue
from .store.transaction import Transaction

log = logging.getLogger("rulewright.delivery")

WINDOW_ITEMS = 24_000
"""Parts in memory, waiting or in a batch; the rest is on disk."""
LOAD_ITEMS = 4_000
"""Parts that are read from disk at once, while fewer wait."""
DAMAGED = Reason("damaged", "the stored bytes do not match their checksum")


class Window:
    """Brings parts from the queue into their partitions, up to a cursor in the order of acceptance."""

    def __init__(self, queue: Queue, partitions: Partitions, clock: Clock) -> None:
        self._queue = queue
        self._partitions = partitions
        self._clock = clock
        self._cursor = 0

    @property
    def at_end(self) -> bool:
        """Whether every pending part is in memory, or waits on disk behind a part of its partition that is."""
        return self._cursor >= self._queue.next_seq - 1

    def show(self, items: list[QueuedPart]) -> None:
        """Take new items straight into memory, if all items before them are there."""
        partitions = self._partitions
        if items and self._cursor == items[0].seq - 1 and partitions.waiting + partitions.out < WINDOW_ITEMS:
            partitions.add(items)
            self._cursor = self._queue.next_seq - 1

    def fill(self) -> None:
        """Read items from disk while there is room: first of partitions that may send, then those behind the cursor."""
        partitions = self._partitions
        now = self._clock.monotonic()
        for partition, first in partitions.due(now):
            if partitions.waiting + partitions.out >= WINDOW_ITEMS:
                return
            items, damaged = self._queue.of_partition(partition, first, self._cursor, PARTITION_DEPTH)
            self._bury(damaged)
            partitions.refill(partition, items, more=len(items) + len(damaged) == PARTITION_DEPTH)
        while not self.at_end and partitions.waiting < LOAD_ITEMS:
            if partitions.waiting + partitions.out >= WINDOW_ITEMS:
                return
            items, damaged = self._queue.after(self._cursor, LOAD_ITEMS)
            self._cursor = max([self._cursor, *damaged, *(item.seq for item in items[-1:])])
            self._bury(damaged)
            partitions.add(items)
            if len(items) + len(damaged) < LOAD_ITEMS:
                # Another writer may have added parts since the queue was refreshed: they are in memory by now.
                self._cursor = max(self._cursor, self._queue.next_seq - 1)

    def _bury(self, damaged: list[int]) -> None:
        if damaged:
            log.error("%d stored parts are damaged and become dead letters", len(damaged))
            self._queue.apply(Transaction(dead=[(number, DAMAGED) for number in damaged]), self._clock.wall())
