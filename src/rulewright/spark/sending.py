"""On an executor: the parts of one partition, through a queue on the node's disk to the destination."""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from ..runtime.delivery.adapter import Adapter, Part, Route
from ..runtime.delivery.clock import SystemClock
from ..runtime.delivery.disposition import Reason
from ..runtime.delivery.input.reader import Chunk, InputReader
from ..runtime.delivery.mailbox import ThreadMailbox
from ..runtime.delivery.schedule.partitions import QueuedPart
from ..runtime.delivery.schedule.schedule import Scheduler
from ..runtime.delivery.sender import Report, Sender
from ..runtime.delivery.store.queue import Queue
from ..runtime.delivery.store.transaction import Transaction
from ..runtime.delivery.transport.exchange import HttpExchange
from .ledger import DEAD, DELIVERED, DeliveryLedger, SettledPart
from .request_parts import part_of

BACKLOG = 20_000
"""The most parts that are read ahead of what the destination has taken."""
ENTRIES_AT_ONCE = 20_000
SECONDS_AT_MOST = 5.0
"""Between two files of the ledger: what is delivered in between is sent again when an executor is lost."""
SUMMARY = "partition int, delivered long, dead long, known long, pending long, stopped string"
_SUMMARY_NAMES = [column.split()[0] for column in SUMMARY.split(", ")]


@dataclass(frozen=True, slots=True)
class SendPartition:
    """Delivers the parts of one partition; it is pickled for executors."""

    adapter: Adapter
    ledger: DeliveryLedger
    connections: int
    rate: float | None
    """Parts a second of one task."""
    batch_events: int | None = None

    def __call__(self, batches: Iterator[Any]) -> Iterator[Any]:
        """One row with the result of the partition; none for a partition without parts."""
        for first in batches:
            if first.num_rows:
                partition = int(first.column("partition")[0].as_py())
                yield _summary(partition, *self._send(partition, _chained(first, batches)))

    def _send(self, partition: int, batches: Iterator[Any]) -> tuple[Report, _Entries, int]:
        parts = _Parts(batches, partition, self.ledger.settled(partition))
        entries = _Entries(self.ledger, partition)
        mailbox, clock = ThreadMailbox(), SystemClock()
        with ExitStack() as stack:
            # The disks that Spark was given for what does not last.
            local = os.environ.get("SPARK_LOCAL_DIRS", "").partition(",")[0] or None
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="rulewright-", dir=local))
            queue = stack.enter_context(closing(_Queue(Path(folder, "queue.db"), self.adapter.name, entries)))
            exchange = stack.enter_context(closing(HttpExchange(connections=self.connections)))
            scheduler = Scheduler(
                lambda number: self.adapter.limits(queue.route(number)),
                clock,
                connections=self.connections,
                rate=self.rate,
                batch_events=self.batch_events,
            )
            sender = Sender(
                queue,
                self.adapter,
                exchange,
                mailbox,
                clock,
                scheduler,
                ingest=_Intake(entries),
                reader=InputReader(parts, mailbox),
                backlog=BACKLOG,
            )
            report = sender.run()
        entries.write()
        if report.problem is not None:
            raise report.problem
        for _ in batches:
            pass  # of a sender that stopped: Spark expects that a task reads what it is given
        return report, entries, parts.known


class _Parts:
    """Reads parts in order, and skips those in the ledger."""

    def __init__(self, batches: Iterator[Any], partition: int, settled: Counter[bytes]) -> None:
        self._batches = batches
        self._partition = partition
        self._settled = settled
        self.known = 0

    def __call__(self, reader: InputReader) -> Iterable[Chunk]:
        routes: dict[str, Route] = {}
        for batch in self._batches:
            chunk: list[Any] = []
            for row in batch.to_pylist():
                if row["partition"] != self._partition:
                    raise RuntimeError(f"a row of partition {row['partition']} is among those of {self._partition}")
                key = row["key"]
                if self._settled[key] > 0:
                    # As often as it is settled: events that are alike are one each.
                    self._settled[key] -= 1
                    self.known += 1
                else:
                    chunk.append((key, part_of(row, routes)))
            for start in range(0, len(chunk), 1_000):
                yield Chunk(chunk[start : start + 1_000], None)
                if reader.stopping:
                    return


class _Entries:
    """The settled parts that are not in the ledger yet."""

    def __init__(self, ledger: DeliveryLedger, partition: int) -> None:
        self._ledger = ledger
        self._partition = partition
        self._pending: dict[int, tuple[bytes, Part]] = {}
        """By the number in the queue, keys and parts that are not settled."""
        self._waiting: list[SettledPart] = []
        self._written_at = time.monotonic()
        self.delivered = self.dead = 0

    def accept(self, number: int, key: bytes, part: Part) -> None:
        """Notes a part that is on disk, with its number in the queue."""
        self._pending[number] = (key, part)

    def settle(self, change: Transaction) -> None:
        """Notes the parts that a transaction of the queue settles."""
        for number in change.delivered:
            key, _ = self._pending.pop(number)
            self._waiting.append(SettledPart(key, DELIVERED))
        for number, reason in change.dead:
            key, part = self._pending.pop(number)
            self._waiting.append(SettledPart(key, DEAD, reason.code, reason.message, part.route.kind, part.body))
        self.delivered += len(change.delivered)
        self.dead += len(change.dead)
        overdue = time.monotonic() - self._written_at > SECONDS_AT_MOST
        if len(self._waiting) >= ENTRIES_AT_ONCE or (self._waiting and overdue):
            self.write()

    def write(self) -> None:
        """Adds the noted parts to the ledger."""
        if self._waiting:
            self._ledger.add(self._partition, self._waiting)
            self._waiting = []
        self._written_at = time.monotonic()


class _Queue(Queue):
    """A queue that passes settled parts to the ledger."""

    def __init__(self, path: Path, destination: str, entries: _Entries) -> None:
        super().__init__(path, destination)
        self._entries = entries

    def apply(self, change: Transaction, now: float) -> list[QueuedPart]:
        """Commit a change, and tell the ledger."""
        items = super().apply(change, now)
        self._entries.settle(change)
        return items


class _Intake:
    """Puts parts into the queue unchanged."""

    exhausted: Reason | None = None

    def __init__(self, entries: _Entries) -> None:
        self._entries = entries

    def admit(self, events: Iterable[Any], change: Transaction, next_seq: int) -> None:
        for key, part in events:
            self._entries.accept(next_seq + len(change.parts), key, part)
            change.parts.append(part)
            change.events += 1


def _chained(first: Any, batches: Iterator[Any]) -> Iterator[Any]:
    yield first
    yield from batches


def _summary(partition: int, report: Report, entries: _Entries, known: int) -> Any:
    stopped = None if report.stopped is None else report.stopped.message
    values = (partition, entries.delivered, entries.dead, known, report.totals.pending, stopped)
    types = (pa.int32(), pa.int64(), pa.int64(), pa.int64(), pa.int64(), pa.string())
    columns = [pa.array([value], type_) for value, type_ in zip(values, types, strict=True)]
    return pa.RecordBatch.from_arrays(columns, names=_SUMMARY_NAMES)
