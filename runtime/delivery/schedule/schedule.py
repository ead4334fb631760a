"""What to send next, and what follows from an answer: decisions alone, without clock, disk or network."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from ..adapter import Limits
from ..clock import Clock
from .batch import Batch
from .disposition import Delivered, Held, Hold, Reason, Refused, Retry, Stop, TooLarge, Unexplained, Verdict
from .partitions import Item, Partitions
from .rates import Bucket, Concurrency, backoff

DIVIDE_AFTER = 5
"""Attempts that fail while other requests pass (twice as many when none does), after which a batch is divided, in
case something inside it is the cause."""
TRIES_ALONE = 3
"""A part alone that is refused without a reason, or as too large, is tried so often before it is a dead letter."""
PAUSE_AFTER = 3
"""Rounds of failures of one endpoint in a row, after which it is left in peace for a while."""
STOP_AFTER_CLOSED = 3
"""Rounds of such answers as 404 and nothing else: then it is no bad moment of the other side."""
STOP_AFTER = 25
"""Parts in a row, each refused by itself, and nothing taken in between: then it is not the parts."""


class Settled(NamedTuple):
    """What an answer came to, to be written down."""

    delivered: list[Item]
    dead: list[tuple[Item, Reason]]


@dataclass(slots=True)
class Endpoint:
    """What is known of a route's other side."""

    limits: Limits
    taken: int = 0
    """Requests that it took."""
    largest_taken: int = 0
    """Bytes of the largest of these."""
    most_taken: int = 0
    """Parts of the one that held the most."""
    failures: int = 0
    """Rounds of attempts that failed since it last took one: what was in flight together counts once."""
    failed_at: float = float("-inf")
    unexplained: int = 0
    closed: int = 0
    """Rounds in a row to which it said that there is nothing to be had here."""
    ready_at: float = 0.0
    requests: Bucket | None = None
    shrunk: Limits | None = None
    """Smaller limits for a while, since it found a request too large."""

    @property
    def present_limits(self) -> Limits:
        """The limits that hold now."""
        return self.shrunk or self.limits


class Scheduler:
    """Batches in flight and batches that wait, over the lanes they are taken from."""

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
        self.lanes = Partitions()
        self.concurrency = Concurrency(connections)
        self.in_flight = 0
        self.stopped: Reason | None = None
        """Why nothing more can be sent until a person acts."""

    def next(self, fresh: bool = True) -> Batch | None:
        """The batch whose present segment should be sent now, or None. `fresh` allows taking new parts."""
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
        """When something may be sent that may not be sent now, if that depends on time alone."""
        if self.in_flight >= self.concurrency.limit:
            return None
        times = [batch_at for batch_at, _, _ in self._waiting[:1]]
        delayed = self.lanes.wake_at()
        if delayed is not None:
            times.append(delayed)
        for route in self.lanes.routes():
            endpoint = self.endpoint(route)
            times.append(self._open_at(endpoint))
        if not times:
            return None
        return max(min(times), 0.0 if self._rate is None else self._rate.ready_at())

    def settle(self, batch: Batch, verdict: Verdict) -> Settled:
        """Take in an answer: what is delivered and what is dead; the rest of the batch goes on by itself."""
        now = self._clock.monotonic()
        self.in_flight -= 1
        endpoint = self.endpoint(batch.route)
        if not (isinstance(verdict, Retry) and verdict.fatal):
            endpoint.closed = 0
        settled = self._judge(batch, endpoint, verdict, now)
        self.lanes.release(settled.delivered)
        self.lanes.release(item for item, _ in settled.dead)
        if batch.segments:
            self._wait(batch, now)
        return settled

    def _wait(self, batch: Batch, now: float) -> None:
        self._ticket += 1
        heapq.heappush(self._waiting, (max(now, batch.ready_at), self._ticket, batch))

    def _divide(self, batch: Batch, now: float) -> None:
        rest = batch.divide()
        if rest is not None:
            self._wait(rest, now)

    def endpoint(self, route: int) -> Endpoint:
        """The other side of a route."""
        endpoint = self._endpoints.get(route)
        if endpoint is None:
            limits = self._limits(route)
            if self._batch_events is not None:
                limits = replace(limits, count=min(limits.count, self._batch_events))
            requests = limits.requests
            bucket = None if requests is None else Bucket(requests, 1.0, self._clock.monotonic())
            endpoint = self._endpoints[route] = Endpoint(limits, requests=bucket)
        return endpoint

    def _open_at(self, endpoint: Endpoint) -> float:
        requests = endpoint.requests
        return endpoint.ready_at if requests is None else max(endpoint.ready_at, requests.ready_at())

    def _may_send(self, endpoint: Endpoint, now: float) -> bool:
        if endpoint.ready_at > now:
            return False
        return endpoint.requests is None or endpoint.requests.ready(now)

    def _again(self, now: float) -> Batch | None:
        while self._waiting and self._waiting[0][0] <= now:
            _, ticket, batch = heapq.heappop(self._waiting)
            endpoint = self.endpoint(batch.route)
            if self._may_send(endpoint, now):
                return batch
            heapq.heappush(self._waiting, (max(self._open_at(endpoint), now + 0.001), ticket, batch))
        return None

    def _fresh(self, now: float) -> Batch | None:
        for route in self.lanes.routes():
            endpoint = self.endpoint(route)
            if self._may_send(endpoint, now):
                items = self.lanes.take(route, endpoint.present_limits, now)
                if items:
                    return Batch(route, items, now, endpoint.taken)
        return None

    def _judge(self, batch: Batch, endpoint: Endpoint, verdict: Verdict, now: float) -> Settled:
        match verdict:
            case Delivered():
                endpoint.taken += 1
                endpoint.largest_taken = max(endpoint.largest_taken, sum(len(item.body) + 1 for item in batch.items))
                endpoint.most_taken = max(endpoint.most_taken, len(batch.items))
                endpoint.failures = endpoint.unexplained = 0
                self.concurrency.went_well()
                self._grow(endpoint)
                return Settled(batch.settle(), [])
            case Refused(reasons):
                endpoint.failures = 0
                return Settled([], _reasoned(batch.remove(reasons.keys()), reasons))
            case Held(holds):
                self._hold(batch, holds, now)
            case TooLarge(reason):
                return self._too_large(batch, endpoint, reason, now)
            case Unexplained(reason, forbidden):
                if len(batch.items) == 1:
                    return self._alone(batch, endpoint, reason, now, forbidden)
                self._divide(batch, now)
            case Retry():
                return self._retry(batch, endpoint, verdict, now)
            case Stop(reason):
                self.stopped = reason
        return Settled([], [])

    def _retry(self, batch: Batch, endpoint: Endpoint, retry: Retry, now: float) -> Settled:
        batch.attempts += 1
        if batch.sent_at >= endpoint.failed_at:
            endpoint.failures += 1
            endpoint.failed_at = now
            endpoint.closed += retry.fatal
        if retry.overload:
            self.concurrency.overloaded(batch.sent_at, now)
        works_for_others = endpoint.taken > batch.witness
        if endpoint.closed >= STOP_AFTER_CLOSED:
            self.stopped = retry.reason
        if batch.attempts >= (DIVIDE_AFTER if works_for_others else 2 * DIVIDE_AFTER):
            if len(batch.items) > 1:
                self._divide(batch, now)
            elif retry.suspect:
                return Settled([], [(batch.settle()[0], retry.reason)])
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
            lane = batch.items[index].lane
            longest[lane] = max(hold, longest.get(lane, hold))
        until = {lane: self.lanes.throttle(lane, hold, now) for lane, hold in longest.items()}
        for item in batch.withdraw(until.keys()):
            self.lanes.hold([item], until[item.lane])

    def _too_large(self, batch: Batch, endpoint: Endpoint, reason: Reason, now: float) -> Settled:
        items = batch.items
        size = sum(len(item.body) + 1 for item in items)
        if size <= endpoint.largest_taken and len(items) <= endpoint.most_taken:
            # It took more than this before: the fault is not in the size, unless it goes on.
            return self._retry(batch, endpoint, Retry(reason, maybe_accepted=False, suspect=True), now)
        if len(items) == 1:
            return self._alone(batch, endpoint, reason, now)
        limits = endpoint.present_limits
        count = min(limits.count, (len(items) + 1) // 2)
        endpoint.shrunk = replace(limits, size=min(limits.size, size // 2 + 1), count=count)
        self._divide(batch, now)
        return Settled([], [])

    def _grow(self, endpoint: Endpoint) -> None:
        shrunk = endpoint.shrunk
        if shrunk is None:
            return
        limits = endpoint.limits
        grown = replace(shrunk, size=shrunk.size + limits.size // 50, count=shrunk.count + max(1, limits.count // 50))
        endpoint.shrunk = None if grown.size >= limits.size and grown.count >= limits.count else grown

    def _alone(self, batch: Batch, endpoint: Endpoint, reason: Reason, now: float, forbidden: bool = False) -> Settled:
        """One part is refused by itself: a dead letter, once that is certain, and unless all are refused like it."""
        if batch.tries_alone + 1 == TRIES_ALONE:
            endpoint.unexplained += 1
            never_passed = forbidden and endpoint.taken == batch.witness
            if never_passed or endpoint.unexplained >= STOP_AFTER:
                self.stopped = reason
                return Settled([], [])
        batch.tries_alone += 1
        if batch.tries_alone < TRIES_ALONE:
            batch.ready_at = now + backoff(batch.tries_alone, self._clock)
            return Settled([], [])
        return Settled([], [(batch.settle()[0], reason)])


def _reasoned(items: list[Item], reasons: Mapping[int, Reason]) -> list[tuple[Item, Reason]]:
    return [(item, reasons[index]) for item, index in zip(items, sorted(reasons), strict=True)]
