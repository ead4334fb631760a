"""Decides what to send next and what follows from an answer, without clock, disk or network."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import NamedTuple

from ..adapter import Limits
from ..clock import Clock
from ..disposition import Delivered, Disposition, Hold, Reason, Refused, Retry, Stop, Throttled, TooLarge, Unexplained
from .backoff import backoff
from .batch import Batch
from .endpoint import STOP_AFTER, STOP_AFTER_DOUBTS, Endpoint
from .partitions import Partitions, QueuedPart
from .rates import Bucket, Concurrency
from .waits_file import Wait, WaitCause

DIVIDE_AFTER = 5
"""Attempts that fail while other requests pass (twice as many when none does), after which a batch is divided, in
case something inside it is the cause."""
TRIES_ALONE = 3
"""A part alone that is refused without a reason, or as too large, is tried so often before it is a dead letter."""
PROOFS = 2
"""How many of these refusals must come while other requests pass; otherwise it may be the sender that is refused."""
PAUSE_AFTER = 3
"""Rounds of failures of one endpoint in a row, after which it is left in peace for a while."""
STOP_AFTER_CLOSED = 3
"""Rounds of only such answers as 404, after which this is not a temporary problem of the destination."""


class Settled(NamedTuple):
    """The parts that an answer settled, for the queue."""

    delivered: list[QueuedPart]
    dead: list[tuple[QueuedPart, Reason]]


class Scheduler:
    """The batches in flight and those that wait, and the partitions that they are taken from."""

    def __init__(
        self,
        limits: Callable[[int], Limits],
        clock: Clock,
        *,
        connections: int,
        rate: float | None = None,
        batch_events: int | None = None,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._batch_events = batch_events
        self._endpoints: dict[int, Endpoint] = {}
        self._waiting: list[tuple[float, int, Batch]] = []
        self._ticket = 0
        self._rate = None if rate is None else Bucket(rate, max(1.0, rate), clock.monotonic())
        self.partitions = Partitions()
        self.concurrency = Concurrency(connections)
        self.in_flight = 0
        self._said: dict[WaitCause, str] = {}
        """The destination's latest message for each cause of a wait."""
        self.stopped: Reason | None = None
        """Why nothing more can be sent until a person acts."""

    def next(self, fresh: bool = True) -> Batch | None:
        """The batch whose current segment should be sent now; None without one. `fresh` allows taking new parts."""
        now = self._clock.monotonic()
        if self.stopped or self.in_flight >= self.concurrency.limit:
            return None
        if self._rate is not None and not self._rate.ready(now):
            return None
        batch = self._again(now) or (self._fresh(now) if fresh else None)
        if batch is None:
            return None
        self.in_flight += 1
        batch.sent_at = now
        if self._rate is not None:
            self._rate.take(len(batch.items))
        requests = self.endpoint(batch.route).requests
        if requests is not None:
            requests.take(1)
        return batch

    def wake_at(self) -> float | None:
        """When more may be sent, if only time keeps it back; None otherwise."""
        if self.in_flight >= self.concurrency.limit:
            return None
        times = [batch_at for batch_at, _, _ in self._waiting[:1]]
        delayed = self.partitions.wake_at()
        if delayed is not None:
            times.append(delayed)
        for route in self.partitions.routes():
            endpoint = self.endpoint(route)
            times.append(endpoint.open_at)
        if not times:
            return None
        return max(min(times), 0.0 if self._rate is None else self._rate.ready_at())

    def waits(self) -> list[Wait]:
        """What waits for a time, by cause; times are those of the monotonic clock, in seconds."""
        now = self._clock.monotonic()
        moments: dict[WaitCause, list[float]] = {}
        for until, is_held in self.partitions.delays(now):
            moments.setdefault("held back" if is_held else "rate", []).append(until)
        for ready_at, _, batch in self._waiting:
            until = max(ready_at, self.endpoint(batch.route).open_at)
            if until > now:
                moments.setdefault("retry", []).append(until)
        return [
            Wait(cause, len(times), min(times), max(times), self._said.get(cause, ""))
            for cause, times in moments.items()
        ]

    def settle(self, batch: Batch, disposition: Disposition) -> Settled:
        """Handle an answer, and return the parts that are delivered or dead; the rest of the batch continues."""
        now = self._clock.monotonic()
        self.in_flight -= 1
        endpoint = self.endpoint(batch.route)
        if not (isinstance(disposition, Retry) and disposition.fatal):
            endpoint.closed = 0
        settled = self._judge(batch, endpoint, disposition, now)
        self.partitions.release(settled.delivered)
        self.partitions.release([item for item, _ in settled.dead])
        for item, _ in settled.dead:
            endpoint.doubts.pop(item.seq, None)
        if batch.segments:
            self._wait(batch, now)
        return settled

    def _wait(self, batch: Batch, now: float) -> None:
        # Of those that may go at once, the last one first: it is the smallest part of what is being divided, and the
        # sooner a part is alone, the fewer requests show whether it is the parts or the sender that is refused.
        self._ticket += 1
        heapq.heappush(self._waiting, (batch.ready_at if batch.ready_at > now else 0.0, -self._ticket, batch))

    def _divide(self, batch: Batch, now: float) -> None:
        rest = batch.divide()
        if rest is not None:
            self._wait(rest, now)

    def endpoint(self, route: int) -> Endpoint:
        """The state of the endpoint of a route."""
        endpoint = self._endpoints.get(route)
        if endpoint is None:
            limits = self._limits(route)
            if self._batch_events is not None:
                limits = replace(limits, count=min(limits.count, self._batch_events))
            requests = limits.requests
            bucket = None if requests is None else Bucket(requests, 1.0, self._clock.monotonic())
            endpoint = self._endpoints[route] = Endpoint(limits, requests=bucket)
        return endpoint

    def _again(self, now: float) -> Batch | None:
        while self._waiting and self._waiting[0][0] <= now:
            _, ticket, batch = heapq.heappop(self._waiting)
            endpoint = self.endpoint(batch.route)
            if endpoint.may_send(now):
                return batch
            heapq.heappush(self._waiting, (max(endpoint.open_at, now + 0.001), ticket, batch))
        return None

    def _fresh(self, now: float) -> Batch | None:
        for route in self.partitions.routes():
            endpoint = self.endpoint(route)
            if endpoint.may_send(now):
                items = self.partitions.take(route, endpoint.present_limits, now)
                if items:
                    return Batch(route, items, now)
        return None

    def _judge(self, batch: Batch, endpoint: Endpoint, disposition: Disposition, now: float) -> Settled:
        match disposition:
            case Delivered():
                endpoint.took(batch)
                self.concurrency.went_well()
                return Settled(batch.settle(), [])
            case Refused(reasons):
                endpoint.failures = 0
                return Settled([], _reasoned(batch.remove(reasons.keys()), reasons))
            case Throttled(holds, reason):
                self._said["held back"] = reason.message
                self._hold(batch, holds, now)
            case TooLarge(reason):
                return self._too_large(batch, endpoint, reason, now)
            case Unexplained(reason):
                if len(batch.items) == 1:
                    return self._alone(batch, endpoint, reason, now)
                batch.refused_at = batch.sent_at
                self._divide(batch, now)
            case Retry():
                return self._retry(batch, endpoint, disposition, now)
            case Stop(reason):
                self.stopped = reason
        return Settled([], [])

    def _retry(self, batch: Batch, endpoint: Endpoint, retry: Retry, now: float) -> Settled:
        self._said["retry"] = retry.reason.message
        batch.attempts += 1
        batch.refused_at = min(batch.refused_at, batch.sent_at)
        if batch.sent_at >= endpoint.failed_at:
            endpoint.failures += 1
            endpoint.failed_at = now
            endpoint.closed += retry.fatal
        if retry.overload:
            self.concurrency.overloaded(batch.sent_at, now)
        if endpoint.closed >= STOP_AFTER_CLOSED:
            self.stopped = retry.reason
        if batch.attempts >= (DIVIDE_AFTER if endpoint.works_without(batch) else 2 * DIVIDE_AFTER):
            if len(batch.items) > 1:
                self._divide(batch, now)
            elif retry.suspect:
                batch.proofs += endpoint.works_without(batch)
                if batch.proofs >= PROOFS:
                    return Settled([], [(batch.settle()[0], retry.reason)])
                self._doubt(batch, endpoint, retry.reason)
        wait = max(retry.after or 0.0, backoff(batch.attempts, self._clock))
        batch.ready_at = now + wait
        if retry.overload and retry.after:
            endpoint.ready_at = max(endpoint.ready_at, now + retry.after)
        if endpoint.failures > PAUSE_AFTER:
            pause = backoff(endpoint.failures - PAUSE_AFTER, self._clock)
            endpoint.ready_at = max(endpoint.ready_at, now + pause)
        return Settled([], [])

    def _hold(self, batch: Batch, holds: Mapping[int, Hold], now: float) -> None:
        longest: dict[int, Hold] = {}
        for index, hold in holds.items():
            partition = batch.items[index].partition
            longest[partition] = max(hold, longest.get(partition, hold))
        until = {partition: self.partitions.throttle(partition, hold, now) for partition, hold in longest.items()}
        for item in batch.withdraw(until.keys()):
            self.partitions.hold([item], until[item.partition])

    def _too_large(self, batch: Batch, endpoint: Endpoint, reason: Reason, now: float) -> Settled:
        if endpoint.took_larger_than(batch):
            # The size is not at fault, unless the failures continue.
            return self._retry(batch, endpoint, Retry(reason, maybe_accepted=False, suspect=True), now)
        if len(batch.items) == 1:
            return self._alone(batch, endpoint, reason, now, certain=batch.size > endpoint.limits.size)
        batch.refused_at = batch.sent_at
        endpoint.shrink(batch)
        self._divide(batch, now)
        return Settled([], [])

    def _alone(self, batch: Batch, endpoint: Endpoint, reason: Reason, now: float, *, certain: bool = False) -> Settled:
        """A part is refused alone: it is a dead letter once it is certain that the part is to blame.

        That is so when other requests pass, before and after. Otherwise the part waits for such proof, and the sender
        stops when there are several like it, or when there is nothing else to send.
        """
        batch.tries_alone += 1
        batch.refused_at = min(batch.refused_at, batch.sent_at)
        batch.proofs += certain or endpoint.works_without(batch)
        if batch.tries_alone >= TRIES_ALONE:
            if batch.proofs >= PROOFS:
                return Settled([], [(batch.settle()[0], reason)])
            self._doubt(batch, endpoint, reason)
        endpoint.refused_alone += 1
        if endpoint.refused_alone >= STOP_AFTER:
            self.stopped = reason
        batch.ready_at = now + backoff(batch.tries_alone, self._clock)
        return Settled([], [])

    def _doubt(self, batch: Batch, endpoint: Endpoint, reason: Reason) -> None:
        if batch.proofs:
            return
        endpoint.doubts[batch.items[0].seq] = reason
        if len(endpoint.doubts) >= STOP_AFTER_DOUBTS:
            self.stopped = reason

    @property
    def doubts(self) -> dict[int, Reason]:
        """Parts that were refused alone while nothing was accepted, by number."""
        return {seq: reason for endpoint in self._endpoints.values() for seq, reason in endpoint.doubts.items()}

    @property
    def cornered(self) -> Reason | None:
        """Why nothing can be sent: every part that waits was refused alone while nothing was accepted; else None."""
        doubts = self.doubts
        if self.in_flight or not doubts or self.partitions.routes() or self.partitions.wake_at() is not None:
            return None
        if any(len(batch.items) > 1 or batch.items[0].seq not in doubts for _, _, batch in self._waiting):
            return None
        return next(iter(doubts.values()))


def _reasoned(items: list[QueuedPart], reasons: Mapping[int, Reason]) -> list[tuple[QueuedPart, Reason]]:
    return [(item, reasons[index]) for item, index in zip(items, sorted(reasons), strict=True)]
