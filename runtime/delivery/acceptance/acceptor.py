"""The acceptor: commits events from any thread in groups, and tells each caller when its events are safe."""

from __future__ import annotations

import contextlib
import logging
import queue as queues
import threading
import uuid
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...outcome import Outcome
from ..adapter import Adapter
from ..clock import Clock, SystemClock
from ..input.ingest import Ingest, MapEvent, RawEvent
from ..store.problems import QueueProblem
from ..store.queue import Queue
from ..store.receipts import Receipt, key_of
from ..store.transaction import Totals, Transaction
from .disk_space import DiskSpace

log = logging.getLogger("rulewright.delivery")

GROUP_EVENTS = 1_000
"""The number of events from which a group takes no further submission: more would keep the first of them waiting."""
MOST_WAITING = 20_000
"""Events in memory that are not on disk yet; a caller that brings more must retry."""
MOST_WAITING_BYTES = 64_000_000
LOOK_SECONDS = 0.5
"""Seconds between two looks at the room on the disk."""
BUSY_SECONDS = 1
"""After which a refused caller should try again; the next two are the same for a full disk and for an end."""
ROOM_SECONDS = 30
CLOSING_SECONDS = 5


class NotAccepted(Exception):
    """None of the submitted events were accepted; the caller may try again later."""

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """The number of seconds after which to try again."""


class Arrival(NamedTuple):
    """One event on its way in."""

    event: RawEvent
    message_id: str
    source: str
    """The name of the write key, or of the program, that it came with."""


class ActiveRules(NamedTuple):
    """The mapper of accepted events, and the version of its rules that receipts name."""

    mapper: MapEvent
    version: str


class _Submission(NamedTuple):
    arrivals: Sequence[Arrival]
    size: int
    done: Callable[[Exception | None], None]


class Counts(NamedTuple):
    """What an acceptor has done since it started."""

    accepted: int = 0
    repeated: int = 0
    """Events whose message ID had been accepted before; they are left out."""
    refused: int = 0
    commits: int = 0


class Acceptor:
    """Commits submitted events, in the order of submission, on a thread of its own.

    While one group is committed, the next one gathers; no group waits for a time to pass. Several acceptors, also
    of several processes, may commit to one queue, beside a sender.
    """

    def __init__(
        self,
        queue: Queue,
        adapter: Adapter,
        rules: ActiveRules,
        *,
        disk_space: DiskSpace | None = None,
        clock: Clock | None = None,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """`committed` is called after each commit. The queue is the acceptor's alone, and closed at its end."""
        queue.keep_receipts()
        self._queue = queue
        self._adapter = adapter
        self._disk_space = disk_space or DiskSpace(queue.path)
        self._clock = clock or SystemClock()
        self._committed = committed
        self._prefix = uuid.uuid4().hex[:12]
        """The start of insert IDs that the rules do not give; another writer may use the same numbers of the queue."""
        self._submissions: queues.SimpleQueue[_Submission | None] = queues.SimpleQueue()
        self._lock = threading.Lock()
        self._waiting = self._waiting_bytes = 0
        self._closed = False
        self._looked_at = float("-inf")
        self._full: str | None = None
        """Why the disk is full for the queue; None while it is not."""
        self.counts = Counts()
        self.use(rules)
        self._look_at_room()
        self._thread = threading.Thread(target=self._run, name="rulewright-acceptor", daemon=True)

    def start(self) -> None:
        """Begin to commit."""
        self._thread.start()

    def use(self, rules: ActiveRules) -> None:
        """Map with these rules from the next group on."""
        self._mapping = rules, Ingest(rules.mapper, self._adapter, self._prefix)

    @property
    def rules(self) -> ActiveRules:
        """The rules that map now."""
        return self._mapping[0]

    @property
    def accounts(self) -> Totals:
        """The queue's accounts after the latest commit."""
        return self._queue.totals

    @property
    def waiting(self) -> int:
        """Events in memory that are not on disk yet."""
        return self._waiting

    @property
    def alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    @property
    def closed_for(self) -> NotAccepted | None:
        """Why nothing is accepted now; None if events are accepted."""
        if self._closed:
            return NotAccepted("shutting down", CLOSING_SECONDS)
        if self._full is not None:
            return NotAccepted(self._full, ROOM_SECONDS)
        return None

    def submit(self, arrivals: Sequence[Arrival], size: int, done: Callable[[Exception | None], None]) -> None:
        """Accept events, all or none, and call `done` on the acceptor's thread: with None once they are on disk.

        `size` is the number of their bytes. If no event was accepted, `done` gets a QueueProblem, or another exception
        for a fault of Rulewright. Raises NotAccepted at once if the queue is full, too much is waiting, or the acceptor
        is closed; `done` is not called then.
        """
        with self._lock:
            problem = self.closed_for
            if (
                problem is None
                and self._waiting
                and (self._waiting + len(arrivals) > MOST_WAITING or self._waiting_bytes + size > MOST_WAITING_BYTES)
            ):
                problem = NotAccepted(f"{self._waiting:,} events wait to be written", BUSY_SECONDS)
            if problem is not None:
                self.counts = self.counts._replace(refused=self.counts.refused + len(arrivals))
                raise problem
            self._waiting += len(arrivals)
            self._waiting_bytes += size
            self._submissions.put(_Submission(arrivals, size, done))

    def close(self, timeout: float | None = None) -> bool:
        """Accept nothing more, commit what was submitted, and return whether that is done within `timeout` seconds.

        Without a timeout, it waits as long as that takes.
        """
        with self._lock:
            if not self._closed:
                self._closed = True
                self._submissions.put(None)
        self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        open_ = True
        with contextlib.closing(self._queue):
            while open_:
                group, open_ = self._take()
                if group:
                    self._answer(
                        group, self._commit([arrival for submission in group for arrival in submission.arrivals])
                    )
                if self._clock.monotonic() - self._looked_at >= LOOK_SECONDS:
                    self._look_at_room()

    def _take(self) -> tuple[list[_Submission], bool]:
        """What has gathered, after waiting a moment for the first; and False when the acceptor is closed behind it."""
        group: list[_Submission] = []
        size = 0
        try:
            submission = self._submissions.get(timeout=LOOK_SECONDS)
            while submission is not None:
                group.append(submission)
                size += len(submission.arrivals)
                if size >= GROUP_EVENTS:
                    return group, True
                submission = self._submissions.get_nowait()
            return group, False
        except queues.Empty:
            return group, True

    def _commit(self, arrivals: list[Arrival]) -> Exception | None:
        try:
            change = self._change(arrivals)
            self._queue.apply(change, self._clock.wall())
        except QueueProblem as problem:
            log.error("%s", problem)
            self._look_at_room()
            return problem
        except Exception as problem:  # every waiting caller must get an answer
            fault = f"{type(problem).__name__}: {problem}"
            log.exception("events cannot be accepted: a fault of Rulewright: %s", fault)
            return problem
        counts = self.counts
        repeated = len(change.repeats)
        self.counts = counts._replace(
            accepted=counts.accepted + len(arrivals) - repeated,
            repeated=counts.repeated + repeated,
            commits=counts.commits + 1,
        )
        self._committed()
        return None

    def _answer(self, group: list[_Submission], problem: Exception | None) -> None:
        with self._lock:
            self._waiting -= sum(len(batch.arrivals) for batch in group)
            self._waiting_bytes -= sum(batch.size for batch in group)
        for submission in group:
            submission.done(problem)

    def _change(self, arrivals: list[Arrival]) -> Transaction:
        change = Transaction()
        rules, ingest = self._mapping
        keys = [(key_of(arrival.message_id), arrival.source) for arrival in arrivals]
        known = self._queue.known_ids(keys)
        now = self._clock.wall()
        for arrival, key in zip(arrivals, keys, strict=True):
            if key in known:
                change.repeats.append(key)
                continue
            known.add(key)
            parts, unsent = len(change.parts), len(change.unsent)
            outcome = ingest.admit_one(arrival.event, change, self._queue.next_seq)
            change.receipts.append(
                Receipt(
                    *key,
                    now,
                    rules.version,
                    _result(outcome),
                    _requests(outcome),
                    parts,
                    len(change.parts) - parts,
                    unsent,
                    len(change.unsent) - unsent,
                )
            )
        return change

    def _look_at_room(self) -> None:
        self._looked_at = self._clock.monotonic()
        full = self._disk_space.problem(self._queue)
        if full is not None and self._full is None:
            log.error("no more events are accepted: %s", full)
        elif full is None and self._full is not None:
            log.warning("events are accepted again")
        self._full = full


def _result(outcome: Outcome | None) -> str:
    if outcome is None:
        return "failed"
    if outcome.opted_out is not None:
        return "opted_out"
    if outcome.dropped:
        return "dropped"
    if outcome.failures and not outcome.requests:
        return "failed"
    return "mapped" if outcome.matched else "unmatched"


def _requests(outcome: Outcome | None) -> tuple[tuple[str, str], ...]:
    return () if outcome is None else tuple((request.mapping, request.action) for request in outcome.requests)
