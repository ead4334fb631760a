"""Order for each user in bounded memory: a lane holds what waits for one user, and is taken by one batch at a time."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from ..adapter import Limits
from .disposition import Hold

LANE_DEPTH = 500
"""Parts of one lane that are kept in memory; the rest waits on disk."""
RATE_PAUSE = 1.0
"""Seconds that a lane waits when its rate is used up, so that it goes on with a handful rather than one by one."""
SWEEP_AT = 20_000
CALM_SECONDS = 300.0
"""So long after it was last held back, a lane may go out in bursts again."""
STEP_SECONDS = 1.1
"""A throttled lane goes out in steps of what its rate allows in a second, so far apart that no second sees two."""


class Item(NamedTuple):
    """A part as the queue holds it."""

    seq: int
    lane: int
    route: int
    body: bytes


class Partition:
    """What waits for one user."""

    __slots__ = ("calm_at", "items", "key", "listed", "out", "paid_at", "ready_at", "spilled", "throttled")

    def __init__(self, key: int) -> None:
        self.key = key
        self.items: deque[Item] = deque()
        self.listed = False
        self.out = 0
        """Parts in a batch: while there are any, nothing else of the lane may go out."""
        self.ready_at = 0.0
        self.spilled: int | None = None
        """The first part that is on disk only; from there to the cursor the lane must be read again."""
        self.paid_at = 0.0
        """When the user's rate has made up for all that went out (the generic cell rate algorithm)."""
        self.throttled = 0
        """Times in a row that the other side held the user back."""
        self.calm_at = 0.0
        """When these are forgotten."""

    @property
    def idle(self) -> bool:
        """Nothing waits, nothing is out."""
        return not self.items and not self.out and self.spilled is None


class Partitions:
    """All lanes that have something to do, and which of them may send now."""

    def __init__(self) -> None:
        self._lanes: dict[int, Partition] = {}
        self._ready: dict[int, deque[Partition]] = {}
        self._delayed: list[tuple[float, int]] = []
        self._due: dict[int, Partition] = {}
        self._now = 0.0
        self._sweep_at = SWEEP_AT
        self.waiting = 0
        """Parts in memory that are in no batch."""
        self.out = 0
        """Parts in memory that are in a batch."""

    def __len__(self) -> int:
        return len(self._lanes)

    def add(self, item: Item, now: float) -> None:
        """Put one more part at the end of its lane, or note that it is on disk only."""
        lane = self._lanes.get(item.lane)
        if lane is None:
            lane = self._lanes[item.lane] = Partition(item.lane)
        if lane.spilled is not None:
            return
        if lane.ready_at > now or len(lane.items) >= LANE_DEPTH:
            lane.spilled = item.seq
            return
        lane.items.append(item)
        self.waiting += 1
        if not lane.out and not lane.listed:
            self._list(lane)

    def refill(self, key: int, items: Iterable[Item], more: bool) -> None:
        """Bring a lane back from disk; `more` says that the disk holds still more of it before the cursor."""
        lane = self._lanes[key]
        self._due.pop(key, None)
        last = lane.spilled
        for item in items:
            lane.items.append(item)
            self.waiting += 1
            last = item.seq + 1
        lane.spilled = last if more else None
        if lane.items:
            self._list(lane)
        else:
            self._forget(lane)

    def due(self, now: float) -> list[tuple[int, int]]:
        """Lanes to be read from disk now, as (lane, first sequence number)."""
        self._sweep(now)
        while self._delayed and self._delayed[0][0] <= now:
            _, key = heapq.heappop(self._delayed)
            lane = self._lanes.get(key)
            if lane is not None and lane.ready_at <= now and not lane.out and not lane.items:
                self._due[key] = lane
        return [(key, lane.spilled) for key, lane in self._due.items() if lane.spilled is not None]

    def wake_at(self) -> float | None:
        """When the next delayed lane may go on."""
        return self._delayed[0][0] if self._delayed else None

    def routes(self) -> list[int]:
        """Routes for which something may be sent now, the one that waited longest first."""
        return [route for route, lanes in self._ready.items() if lanes]

    def take(self, route: int, limits: Limits, now: float) -> list[Item]:
        """Parts for one request of the route: in order for each lane, within the limits, possibly none."""
        ready = self._ready.pop(route)
        taken: list[Item] = []
        size = 0
        while ready:
            lane = ready.popleft()
            items = lane.items
            rate = limits.rate
            in_steps = rate is not None and lane.calm_at > now
            allowed = limits.count if rate is None else _allowance(lane, rate, limits.window, now)
            while items and lane.out < allowed and items[0].route == route:
                size += len(items[0].body) + 1
                if taken and (size > limits.size or len(taken) >= limits.count):
                    break
                taken.append(items.popleft())
                lane.out += 1
            if lane.out:
                lane.listed = False
                if rate is not None:
                    lane.paid_at = now + STEP_SECONDS if in_steps else max(lane.paid_at, now) + lane.out / rate
            elif allowed:
                ready.appendleft(lane)
                break
            else:
                lane.listed = False
                self._delay(lane, lane.paid_at if in_steps else lane.paid_at - limits.window + RATE_PAUSE)
        if ready:
            self._ready[route] = ready
        self.waiting -= len(taken)
        self.out += len(taken)
        return taken

    def release(self, items: Iterable[Item]) -> None:
        """The parts are settled: their lanes may go on when no other part of them is out."""
        for item in items:
            lane = self._lanes[item.lane]
            lane.out -= 1
            self.out -= 1
            if lane.out:
                continue
            if lane.items:
                self._list(lane)
            elif lane.spilled is not None:
                self._due[lane.key] = lane
            else:
                self._forget(lane)

    def throttle(self, key: int, hold: Hold, now: float) -> float:
        """The other side holds the lane's user back: until when. From then on the lane goes out in smaller steps.

        What is counted may be a shorter time than the documented average, and the same burst would be refused again.
        """
        lane = self._lanes[key]
        lane.throttled = lane.throttled + 1 if now < lane.calm_at else 1
        until = now + min(hold.longest, hold.seconds * 2.0 ** min(lane.throttled - 1, 32))
        lane.calm_at = until + CALM_SECONDS
        # Nothing was taken, so nothing has to be made up for.
        lane.paid_at = min(lane.paid_at, until)
        return until

    def hold(self, items: Iterable[Item], until: float) -> None:
        """Give back every part that is out of these lanes, unsent; the lanes wait, on disk, until then."""
        for item in items:
            lane = self._lanes[item.lane]
            lane.out -= 1
            self.out -= 1
            if lane.spilled is None or item.seq < lane.spilled:
                lane.spilled = item.seq
            self._delay(lane, until)

    def _list(self, lane: Partition) -> None:
        lane.listed = True
        route = lane.items[0].route
        ready = self._ready.get(route)
        if ready is None:
            ready = self._ready[route] = deque()
        ready.append(lane)

    def _delay(self, lane: Partition, until: float) -> None:
        if lane.items:
            first = lane.items[0].seq
            lane.spilled = first if lane.spilled is None else min(first, lane.spilled)
            self.waiting -= len(lane.items)
            lane.items.clear()
        if until > lane.ready_at:
            lane.ready_at = until
            heapq.heappush(self._delayed, (until, lane.key))

    def _forget(self, lane: Partition) -> None:
        if lane.paid_at <= self._now and lane.calm_at <= self._now:
            del self._lanes[lane.key]

    def _sweep(self, now: float) -> None:
        """Forget idle lanes once their rate has recovered, often enough for memory to stay flat."""
        self._now = now
        if len(self._lanes) < self._sweep_at:
            return
        for lane in [lane for lane in self._lanes.values() if lane.idle]:
            self._forget(lane)
        self._sweep_at = max(SWEEP_AT, 2 * len(self._lanes))


def _allowance(lane: Partition, rate: float, window: float, now: float) -> int:
    """How many may go out now; of a throttled lane a whole step, halved each time in a row, or none."""
    if lane.calm_at > now:
        return max(1, int(rate * 0.5 ** (lane.throttled - 1))) if lane.paid_at <= now else 0
    return int((window - max(0.0, lane.paid_at - now)) * rate)
