"""What the sender reports while it runs: metrics, calls of `progress`, and the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import NamedTuple

from ..counted import counted
from . import answer_descriptions
from .adapter import Adapter, Answer
from .clock import Clock
from .disposition import Disposition, Retry, Stop
from .metrics import Metrics
from .schedule.schedule import Scheduler, Settled
from .schedule.waits_file import Wait, WaitsFile
from .standstill import Standstill
from .store.queue import Queue
from .store.transaction import Totals

log = logging.getLogger("rulewright.delivery")

SECONDS_BETWEEN = 0.5
"""The least seconds between two calls of `progress`."""
LOUD_AFTER = 5
"""The last of this many requests in a row that delivered nothing is logged as a warning."""


class Sent(NamedTuple):
    """A request that was sent."""

    endpoint: str
    """The destination's name for it."""
    parts: int
    size: int
    """Bytes of its body."""


class Reporter:
    """Counts what a sender does, and reports it."""

    def __init__(
        self,
        queue: Queue,
        scheduler: Scheduler,
        clock: Clock,
        adapter: Adapter,
        progress: Callable[[Totals, Metrics], None] | None,
    ) -> None:
        self.metrics = Metrics()
        self._queue = queue
        self._scheduler = scheduler
        self._clock = clock
        self._adapter = adapter
        self._progress = progress
        self._next_at = float("-inf")
        self._in_vain = 0
        self._standstill = Standstill()
        self._last_refusal = ""
        """The sentence for the last answer that delivered nothing."""
        self._warned_of_age = False
        self._waits = WaitsFile(queue.path)

    def answered(
        self, sent: Sent, answer: Answer, disposition: Disposition, settled: Settled, *, is_stopping: bool
    ) -> None:
        """Counts an answer, and logs it if it delivered nothing."""
        status = answer.failure or str(answer.status)
        self.metrics.answered(sent.endpoint, status, disposition, answer.seconds, sent.size)
        self._in_vain = 0 if settled.delivered else self._in_vain + 1
        if settled.delivered:
            continued = self._standstill.delivered(self._clock.monotonic())
            if continued is not None:
                log.warning("%s", continued)
            return
        level = answer_descriptions.level(disposition, settled.dead)
        sentence = self._last_refusal = answer_descriptions.sentence(disposition, settled.dead)
        if isinstance(disposition, Stop) and is_stopping:
            level = logging.INFO
        elif self._in_vain == LOUD_AFTER and isinstance(disposition, Retry):
            level = logging.WARNING
            sentence = f"none of the last {LOUD_AFTER} requests was accepted, and each is sent again; {sentence}"
        fields = {
            "endpoint": sent.endpoint,
            "status": status,
            "parts": sent.parts,
            "dead": len(settled.dead),
            "code": answer_descriptions.code(disposition, settled.dead),
        }
        log.log(level, "%s", sentence, extra={"fields": fields})

    def tell(self, *, done: bool) -> None:
        """Updates the metrics and calls `progress`, if it is due or everything is done."""
        now = self._clock.monotonic()
        if not done and now < self._next_at:
            return
        self._next_at = now + SECONDS_BETWEEN
        age = self._age()
        self._warn_of_age(age)
        waiting = [] if done else self._waiting(now)
        if not done:
            self._tell_of_standstill(now, waiting)
        gauges = self.metrics.gauges
        gauges["oldest_seconds"] = age
        gauges["in_flight"] = self._scheduler.in_flight
        gauges["connections"] = self._scheduler.concurrency.limit
        self._waits.write(waiting, self._clock.wall())
        if self._progress is not None:
            self._progress(self._queue.totals, self.metrics)

    def _waiting(self, now: float) -> list[Wait]:
        """What waits, with moments of the wall clock."""
        ahead = self._clock.wall() - now
        return [
            wait._replace(first=round(wait.first + ahead, 1), last=round(wait.last + ahead, 1))
            for wait in self._scheduler.waits()
        ]

    def _tell_of_standstill(self, now: float, waiting: list[Wait]) -> None:
        is_refused = self._in_vain > 0 or any(wait.cause != "rate" for wait in waiting)
        last_answer = self._last_refusal if is_refused else None
        sentence = self._standstill.looked_at(now, self._queue.totals.pending, last_answer)
        if sentence is not None:
            log.warning("%s", sentence)

    def _age(self) -> float:
        """Seconds since the oldest pending part was accepted."""
        oldest = self._queue.oldest()
        return 0.0 if oldest is None else max(0.0, self._clock.wall() - oldest)

    def _warn_of_age(self, age: float) -> None:
        limit = self._adapter.deduplicates_for
        if limit is None or age <= limit or self._warned_of_age:
            return
        self._warned_of_age = True
        log.warning(
            "the oldest pending part was accepted more than %s ago, longer than %s recognizes what it took: if an"
            " earlier attempt at it was taken without an answer, it is counted twice",
            counted(round(limit / 86_400), "day"),
            self._adapter.name,
        )
