"""The sender: takes in, commits, sends, and takes in the answers, one round after another, on one thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from . import reports as telling
from .adapter import Adapter, Answer, Route
from .clock import Clock
from .input.ingest import Ingest
from .input.reader import Chunk, EndOfInput, Source
from .mailbox import Mailbox
from .metrics import Metrics
from .schedule.batch import Batch
from .schedule.disposition import Reason, Retry, Stop, Verdict
from .schedule.partitions import LANE_DEPTH, Item
from .schedule.schedule import Scheduler
from .store.queue import Change, Queue, Totals
from .store.queue_status import INSERT_ID_MEMORY
from .transport.exchange import Exchange

log = logging.getLogger("rulewright.delivery")

WINDOW_ITEMS = 24_000
"""Parts in memory, waiting or in a batch; the rest is on disk."""
LOAD_ITEMS = 4_000
FRESH_ITEMS = 4_000
"""With so many parts waiting, batches are taken though more input is at hand."""
LINGER_SECONDS = 0.1
LONGEST_WAIT = 1.0
TELL_SECONDS = 0.5
STOP_GRACE = 5.0
"""Seconds that a stop waits for an input that cannot be interrupted: for the next event of somebody's iterator."""
LOUD_AFTER = 5
"""So many requests in a row of which nothing was taken are no matter of luck any more, and are told."""
DAMAGED = Reason("damaged", "the stored bytes do not match their checksum")


class Answered(NamedTuple):
    """The answer to one batch."""

    batch: Batch
    answer: Answer
    size: int


class StopWish(NamedTuple):
    """Somebody wants the sender to end: take nothing more in, wait for what is in flight, leave the rest on disk."""

    why: str


@dataclass(frozen=True, slots=True)
class Report:
    """How a run of the sender ended."""

    totals: Totals
    stopped: Reason | None
    """Why the sender stopped before everything was settled; None when nothing is pending."""
    problem: Exception | None = None
    """Why the input could not be read to its end."""
    suspects: tuple[int, ...] = ()
    """Numbers of parts that were refused by themselves while nothing passed: they are to blame, or the sender is."""
    left: str | None = None
    """What of the input was left for the next run: half a line at the end of a file that may be growing."""


class Sender:
    """Works until the input has ended and nothing is pending, or until it is stopped."""

    def __init__(
        self,
        queue: Queue,
        receiver: Adapter,
        exchange: Exchange,
        mailbox: Mailbox,
        clock: Clock,
        scheduler: Scheduler,
        *,
        intake: Ingest | None = None,
        reader: Source | None = None,
        backlog: int | None = None,
        progress: Callable[[Totals, Metrics], None] | None = None,
    ) -> None:
        self._queue = queue
        self._receiver = receiver
        self._exchange = exchange
        self._mailbox = mailbox
        self._clock = clock
        self._scheduler = scheduler
        self._intake = intake
        self._reader = reader
        self._backlog = backlog
        self._progress = progress
        self._chunks: list[Chunk] = []
        self._cursor = 0
        self._reading = reader is not None
        self._stop: Reason | None = None
        self._stop_at = 0.0
        self._problem: Exception | None = None
        self._left: str | None = None
        self._tell_at = float("-inf")
        self._last_fresh = clock.monotonic()
        self._in_vain = 0
        self._warned_of_age = False
        self.metrics = Metrics()

    def run(self) -> Report:
        """Do it all. Raises QueueProblem, with everything that was accepted safely on disk."""
        self.start()
        timeout = 0.0
        while not self.step(timeout):
            timeout = self.patience()
        return self.report

    def start(self) -> None:
        """Begin to read the input."""
        if self._reader is not None:
            self._reader.start()

    def step(self, timeout: float) -> bool:
        """One round, after waiting at most so many seconds for something to do; True when all is done."""
        self._round(self._mailbox.take(timeout))
        self._send()
        self._stop_when_cornered()
        done = self._finished()
        self._tell(done)
        return done

    @property
    def report(self) -> Report:
        """How things stand."""
        suspects = tuple(self._scheduler.doubts)
        return Report(self._queue.totals, self._stop, self._problem, suspects, self._left)

    def patience(self) -> float:
        """Seconds until time alone gives something to do."""
        if self._chunks and not self._backlog_full:
            return 0.0
        wake_at = None if self._stop is not None else self._scheduler.wake_at()
        if wake_at is None:
            return LONGEST_WAIT
        return min(LONGEST_WAIT, max(0.0, wake_at - self._clock.monotonic()))

    def _round(self, messages: list[object]) -> None:
        change = Change()
        for message in messages:
            match message:
                case Answered():
                    self._take_answer(message, change)
                case Chunk():
                    self._chunks.append(message)
                case EndOfInput(problem, left):
                    self._reading = False
                    self._problem, self._left = problem, left
                    if left is not None:
                        log.warning("%s", left)
                case StopWish(why):
                    self._stop_reading(Reason("asked", why))
        taken = self._take_chunk(change)
        if change:
            tail = self._queue.next_seq - 1
            self._show(self._queue.apply(change, self._clock.wall()), tail)
        if taken and self._reader is not None:
            self._reader.committed()
        self._fill()

    def _take_answer(self, answered: Answered, change: Change) -> None:
        batch, answer, size = answered
        route = self._queue.route(batch.route)
        verdict = self._verdict(route, batch.bodies, answer)
        status = answer.failure or str(answer.status)
        count = len(batch.items)
        self.metrics.answered(route.kind, status, verdict, answer.seconds, size)
        settled = self._scheduler.settle(batch, verdict)
        change.delivered.extend(item.seq for item in settled.delivered)
        change.dead.extend((item.seq, reason) for item, reason in settled.dead)
        self._in_vain = 0 if settled.delivered else self._in_vain + 1
        if not settled.delivered:
            self._tell_of(verdict, settled.dead, {"endpoint": route.kind, "status": status, "parts": count})
        if self._scheduler.stopped is not None:
            self._stop_reading(self._scheduler.stopped)

    def _verdict(self, route: Route, bodies: list[bytes], answer: Answer) -> Verdict:
        """What the answer asks for; nothing that is in it can raise."""
        if answer.ours:
            return Stop(Reason("local_trouble", answer.cause))
        try:
            return self._receiver.verdict(route, bodies, answer)
        except MemoryError:
            return Stop(Reason("local_trouble", "there is not enough memory to read an answer"))
        except Exception as problem:
            return Retry(Reason("unreadable_answer", f"the answer cannot be read ({type(problem).__name__})"))

    def _tell_of(self, verdict: Verdict, dead: list[tuple[Item, Reason]], fields: dict[str, object]) -> None:
        level, what = telling.level(verdict, dead), telling.sentence(verdict, dead)
        if isinstance(verdict, Stop) and self._stop is not None:
            level = logging.INFO
        elif self._in_vain == LOUD_AFTER and isinstance(verdict, Retry):
            level = logging.WARNING
            what = f"nothing of the last {LOUD_AFTER} requests was taken, and they are tried again and again; {what}"
        fields |= {"dead": len(dead), "code": telling.code(verdict, dead)}
        log.log(level, "%s", what, extra={"fields": fields})

    def _take_chunk(self, change: Change) -> bool:
        if not self._chunks or self._intake is None or self._backlog_full:
            return False
        chunk = self._chunks.pop(0)
        self._intake.admit(chunk.events, change, self._queue.next_seq)
        if self._intake.exhausted is not None:
            self._stop_reading(self._intake.exhausted)
        change.position = chunk.position
        return True

    @property
    def _backlog_full(self) -> bool:
        # What a pipe handed over before a stop is accepted in any case: nobody could ask for it again.
        return self._backlog is not None and self._stop is None and self._queue.totals.pending >= self._backlog

    def _show(self, items: list[Item], tail: int) -> None:
        """Let new items go straight into memory when nothing before them is on disk only."""
        lanes = self._scheduler.lanes
        if items and self._cursor == tail and lanes.waiting + lanes.out < WINDOW_ITEMS:
            now = self._clock.monotonic()
            for item in items:
                lanes.add(item, now)
            self._cursor = self._queue.next_seq - 1

    def _fill(self) -> None:
        """Bring from disk what there is room for: lanes that may go on first, then what follows the cursor."""
        lanes = self._scheduler.lanes
        now = self._clock.monotonic()
        for lane, first in lanes.due(now):
            if lanes.waiting + lanes.out >= WINDOW_ITEMS:
                return
            items, damaged = self._queue.of_lane(lane, first, self._cursor, LANE_DEPTH)
            self._bury(damaged)
            lanes.refill(lane, items, more=len(items) + len(damaged) == LANE_DEPTH)
        while self._cursor < self._queue.next_seq - 1 and lanes.waiting < FRESH_ITEMS:
            if lanes.waiting + lanes.out >= WINDOW_ITEMS:
                return
            items, damaged = self._queue.after(self._cursor, LOAD_ITEMS)
            self._cursor = max([self._cursor, *damaged, *(item.seq for item in items[-1:])])
            self._bury(damaged)
            for item in items:
                lanes.add(item, now)
            if len(items) + len(damaged) < LOAD_ITEMS:
                self._cursor = self._queue.next_seq - 1

    def _bury(self, damaged: list[int]) -> None:
        if damaged:
            log.error("%d stored parts are damaged and become dead letters", len(damaged))
            self._queue.apply(Change(dead=[(number, DAMAGED) for number in damaged]), self._clock.wall())

    def _send(self) -> None:
        if self._stop is not None:
            return
        now = self._clock.monotonic()
        waiting = self._scheduler.lanes.waiting
        fresh = (
            not self._chunks or self._backlog_full or waiting >= FRESH_ITEMS or now - self._last_fresh >= LINGER_SECONDS
        )
        if fresh:
            self._last_fresh = now
        while (batch := self._scheduler.next(fresh)) is not None:
            outgoing = self._receiver.join(self._queue.route(batch.route), batch.bodies)
            self._exchange.send(outgoing, partial(self._answered, batch, len(outgoing.body)))

    def _answered(self, batch: Batch, size: int, answer: Answer) -> None:
        self._mailbox.put(Answered(batch, answer, size))

    def _finished(self) -> bool:
        if self._scheduler.in_flight or self._chunks:
            return False
        if self._stop is not None:
            return not self._reading or self._clock.monotonic() >= self._stop_at + STOP_GRACE
        return not self._reading and not self._queue.totals.pending

    def _stop_when_cornered(self) -> None:
        """Stop when everything that is left is refused by itself, and nothing more comes that could pass."""
        if self._reading or self._chunks or self._cursor < self._queue.next_seq - 1:
            return
        reason = self._scheduler.cornered
        if reason is not None:
            self._stop_reading(reason)

    def _stop_reading(self, reason: Reason) -> None:
        if self._stop is None:
            self._stop = reason
            self._stop_at = self._clock.monotonic()
            if self._reader is not None:
                self._reader.stop()

    def _tell(self, done: bool) -> None:
        now = self._clock.monotonic()
        if not done and now < self._tell_at:
            return
        self._tell_at = now + TELL_SECONDS
        oldest = self._queue.oldest()
        age = 0.0 if oldest is None else max(0.0, self._clock.wall() - oldest)
        if age > INSERT_ID_MEMORY and not self._warned_of_age:
            self._warned_of_age = True
            log.warning(
                "the oldest pending part was accepted more than seven days ago, longer than Amplitude remembers insert"
                " ids: if an earlier attempt at it was taken without an answer, it is counted twice"
            )
        gauges = self.metrics.gauges
        gauges["oldest_seconds"] = age
        gauges["in_flight"] = self._scheduler.in_flight
        gauges["connections"] = self._scheduler.concurrency.limit
        if self._progress is not None:
            self._progress(self._queue.totals, self.metrics)
