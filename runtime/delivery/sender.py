"""The sender: reads input, commits, sends, and handles answers, in rounds on one thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

from .adapter import Adapter, Answer, Exchange, Route
from .clock import Clock
from .disposition import Disposition, Reason, Retry, Stop
from .input.ingest import Intake
from .input.reader import Chunk, EndOfInput, ReadsInput
from .mailbox import Mailbox
from .metrics import Metrics
from .reporter import Reporter, Sent, log
from .schedule.batch import Batch
from .schedule.schedule import Scheduler
from .store.queue import Queue
from .store.transaction import Totals, Transaction
from .window import Window

LINGER_SECONDS = 0.1
STAY_LINGER_SECONDS = 0.2
"""How long single events that arrive over HTTP wait for more, so that they share a request."""
FRESH_ITEMS = 2_000
"""With this many parts waiting, a request is sent even if more input is ready: more would hardly fit."""
LONGEST_WAIT = 1.0
INPUT_GRACE = 5.0
"""Seconds that a stop waits for an input that cannot be interrupted: for the next event of somebody's iterator."""
GRACE = 8.0
"""Seconds that a stop waits for requests in flight. Docker kills ten seconds after it has asked."""


class Answered(NamedTuple):
    """The answer to one batch."""

    batch: Batch
    answer: Answer
    size: int


class StopWish(NamedTuple):
    """Ask the sender to end: to read no more events, wait for requests in flight, and leave the rest on disk."""

    why: str


class More(NamedTuple):
    """Another writer has committed to the queue."""


@dataclass(frozen=True, slots=True)
class Report:
    """How a run of the sender ended."""

    totals: Totals
    stopped: Reason | None
    """Why the sender stopped before everything was settled; None when nothing is pending."""
    problem: Exception | None = None
    """Why the input could not be read to its end; None if it could."""
    suspects: tuple[int, ...] = ()
    """Numbers of parts that were refused alone while nothing was accepted: either they or the sender are at fault."""
    unfinished: bool = False
    """The sender stopped before the input had ended."""
    left: str | None = None
    """The part of the input left for the next run: half a line at the end of a file that may still grow."""
    unrecognized: tuple[str, ...] = ()
    """A sentence for each kind of object that matched nothing in this run and is not an event of Segment."""


class Sender:
    """Reads, stores and sends until the input has ended and nothing is pending, or until it is stopped."""

    def __init__(
        self,
        queue: Queue,
        adapter: Adapter,
        exchange: Exchange,
        mailbox: Mailbox,
        clock: Clock,
        scheduler: Scheduler,
        *,
        ingest: Intake | None = None,
        reader: ReadsInput | None = None,
        backlog: int | None = None,
        progress: Callable[[Totals, Metrics], None] | None = None,
        grace: float = GRACE,
        stay: bool = False,
    ) -> None:
        """`stay`: others put parts into the queue, so an empty queue does not end the run."""
        self._stay = stay
        self._grace = grace
        self._queue = queue
        self._adapter = adapter
        self._exchange = exchange
        self._mailbox = mailbox
        self._clock = clock
        self._scheduler = scheduler
        self._ingest = ingest
        self._reader = reader
        self._backlog = backlog
        self._chunks: list[Chunk] = []
        self._window = Window(queue, scheduler.partitions, clock)
        self._reading = reader is not None
        self._stop: Reason | None = None
        self._stop_at = 0.0
        self._problem: Exception | None = None
        self._left: str | None = None
        self._unfinished = False
        self._last_fresh = clock.monotonic()
        self._reporter = Reporter(queue, scheduler, clock, adapter, progress)

    def run(self) -> Report:
        """Send until everything is done, and return the report. Raises QueueProblem; accepted events are on disk."""
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
        """Do one round, after waiting at most `timeout` seconds for work; return whether all is done."""
        self._round(self._mailbox.take(timeout))
        self._send()
        self._stop_when_cornered()
        done = self._finished()
        self._reporter.tell(done=done)
        return done

    @property
    def metrics(self) -> Metrics:
        """The counters so far."""
        return self._reporter.metrics

    @property
    def report(self) -> Report:
        """The current report."""
        suspects = tuple(self._scheduler.doubts)
        return Report(self._queue.totals, self._stop, self._problem, suspects, self._unfinished, self._left)

    def patience(self) -> float:
        """Seconds until there is work that depends on time alone."""
        if self._chunks and not self._backlog_full:
            return 0.0
        now = self._clock.monotonic()
        if self._stop is None:
            wake_at = self._scheduler.wake_at()
            times = [] if wake_at is None else [max(0.0, wake_at - now)]
            if self._stay and self._scheduler.partitions.waiting:
                times = [max(time, self._last_fresh + STAY_LINGER_SECONDS - now) for time in times]
        else:
            ends = (self._stop_at + self._grace, self._stop_at + INPUT_GRACE)
            times = [end - now for end in ends if end > now]
        return min(LONGEST_WAIT, *times) if times else LONGEST_WAIT

    def _round(self, messages: list[object]) -> None:
        change = Transaction()
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
            self._window.show(self._queue.apply(change, self._clock.wall()))
        if taken and self._reader is not None:
            self._reader.committed()
        if self._stay:
            self._queue.refresh()
        self._window.fill()

    def _take_answer(self, answered: Answered, change: Transaction) -> None:
        batch, answer, size = answered
        route = self._queue.route(batch.route)
        disposition = self._disposition(route, batch.bodies, answer)
        sent = Sent(route.kind, len(batch.items), size)  # settling divides the batch
        settled = self._scheduler.settle(batch, disposition)
        change.delivered += [item.seq for item in settled.delivered]
        change.dead += [(item.seq, reason) for item, reason in settled.dead]
        self._reporter.answered(sent, answer, disposition, settled, is_stopping=self._stop is not None)
        if self._scheduler.stopped is not None:
            self._stop_reading(self._scheduler.stopped)

    def _disposition(self, route: Route, bodies: list[bytes], answer: Answer) -> Disposition:
        """What the answer asks for; nothing that is in it can raise."""
        if answer.ours:
            return Stop(Reason("local_trouble", answer.cause))
        try:
            return self._adapter.disposition(route, bodies, answer)
        except MemoryError:
            return Stop(Reason("local_trouble", "there is not enough memory to read an answer"))
        except Exception as problem:
            return Retry(Reason("unreadable_answer", f"the answer cannot be read ({type(problem).__name__})"))

    def _take_chunk(self, change: Transaction) -> bool:
        if not self._chunks or self._ingest is None or self._backlog_full:
            return False
        chunk = self._chunks.pop(0)
        self._ingest.admit(chunk.events, change, self._queue.next_seq)
        if self._ingest.exhausted is not None:
            self._stop_reading(self._ingest.exhausted)
        change.position = chunk.position
        return True

    @property
    def _backlog_full(self) -> bool:
        # What a pipe handed over before a stop is accepted in any case: nobody could ask for it again.
        return self._backlog is not None and self._stop is None and self._queue.totals.pending >= self._backlog

    def _send(self) -> None:
        if self._stop is not None:
            return
        now = self._clock.monotonic()
        partitions = self._scheduler.partitions
        is_time = self._is_time(now)
        if is_time or partitions.waiting >= FRESH_ITEMS:
            self._last_fresh = now
        while (batch := self._scheduler.next(is_time or partitions.waiting >= FRESH_ITEMS)) is not None:
            outgoing = self._adapter.join(self._queue.route(batch.route), batch.bodies)
            self._exchange.send(outgoing, partial(self._answered, batch, len(outgoing.body)))

    def _is_time(self, now: float) -> bool:
        """Whether a batch should be sent without waiting for more parts."""
        if self._stay:
            return now - self._last_fresh >= STAY_LINGER_SECONDS
        return not self._chunks or self._backlog_full or now - self._last_fresh >= LINGER_SECONDS

    def _answered(self, batch: Batch, size: int, answer: Answer) -> None:
        self._mailbox.put(Answered(batch, answer, size))

    def _finished(self) -> bool:
        if self._chunks:
            return False
        if self._stop is None:
            return not self._stay and not self._reading and not self._queue.totals.pending
        stopped_for = self._clock.monotonic() - self._stop_at
        return (not self._scheduler.in_flight or stopped_for >= self._grace) and (
            not self._reading or stopped_for >= INPUT_GRACE
        )

    def _stop_when_cornered(self) -> None:
        """Stop if every remaining part is refused alone, and no more parts come that could be accepted."""
        if self._stay or self._reading or self._chunks or not self._window.at_end:
            return
        reason = self._scheduler.cornered
        if reason is not None:
            self._stop_reading(reason)

    def _stop_reading(self, reason: Reason) -> None:
        if self._stop is None:
            self._unfinished = self._reading
            self._stop = reason
            self._stop_at = self._clock.monotonic()
            if self._reader is not None:
                self._reader.stop()
