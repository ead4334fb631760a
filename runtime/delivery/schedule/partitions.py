"""Order for each user in bounded memory: a partition holds one user's parts, for one batch at a time."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Collection, Iterable, Iterator

import msgspec

from ..adapter import Limits
from ..disposition import Hold
from .partition_state import TRANSITIONS, State

PARTITION_DEPTH = 500
"""Parts of one partition that are kept in memory; the rest waits on disk."""
RATE_PAUSE = 1.0
"""Seconds that a partition waits when its rate is used up, so that it then sends several parts, not one at a time."""
HANDFUL = 5
"""Parts that a slower rate must have made room for."""
SWEEP_AT = 20_000
CALM_SECONDS = 300.0
"""Seconds after the end of its last hold, from which a partition may go out in bursts again."""
STEP_SECONDS = 1.1
"""A throttled partition goes out in steps of what its rate allows in a second, so far apart that no second sees two."""


class QueuedPart(msgspec.Struct, frozen=True, gc=False):
    """A part as the queue holds it."""

    seq: int
    partition: int
    route: int
    body: bytes


class Partition(msgspec.Struct, gc=False):
    """The parts of one user that wait."""

    key: int
    state: State = State.IDLE
    items: list[QueuedPart] = []
    out: int = 0
    """The number of parts that are in a batch."""
    ready_at: float = 0.0
    """Until when it is delayed."""
    spilled: int | None = None
    """The first part that is on disk only; from there to the cursor the partition must be read again."""
    paid: dict[int, float] = {}
    """By route, when the user's rate has made up for all that went out (the generic cell rate algorithm)."""
    throttled: int = 0
    """Times in a row that the destination held the user back."""
    calm_at: float = 0.0
    """When these are forgotten."""

    def move(self, state: State) -> None:
        """Change the state. Raises AssertionError for a transition that is not allowed."""
        if state not in TRANSITIONS[self.state]:
            raise AssertionError(f"a partition cannot go from {self.state.name} to {state.name}")
        self.state = state


class Partitions:
    """All partitions that have something to do, and which of them may send now."""

    def __init__(self) -> None:
        self._partitions: dict[int, Partition] = {}
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
        return len(self._partitions)

    def add(self, items: Iterable[QueuedPart]) -> None:
        """Add parts to the ends of their partitions, or note which are only on disk."""
        partitions = self._partitions
        for item in items:
            partition = partitions.get(item.partition)
            if partition is None:
                partition = partitions[item.partition] = Partition(item.partition)
            if partition.spilled is not None:
                continue
            if len(partition.items) >= PARTITION_DEPTH:
                partition.spilled = item.seq
                continue
            partition.items.append(item)
            self.waiting += 1
            if partition.state is State.IDLE:
                self._make_ready(partition)

    def refill(self, key: int, items: Iterable[QueuedPart], more: bool) -> None:
        """Add parts that were read from disk to a partition; `more` if the disk has more of them before the cursor."""
        partition = self._partitions[key]
        last = partition.spilled
        for item in items:
            partition.items.append(item)
            self.waiting += 1
            last = item.seq + 1
        partition.spilled = last if more else None
        if partition.items or not more:
            del self._due[key]
        if partition.items:
            self._make_ready(partition)
        elif not more:
            self._make_idle(partition)

    def due(self, now: float) -> list[tuple[int, int]]:
        """Partitions to be read from disk now, as (partition, first sequence number)."""
        self._sweep(now)
        while self._delayed and self._delayed[0][0] <= now:
            _, key = heapq.heappop(self._delayed)
            partition = self._partitions.get(key)
            if partition is not None and partition.state is State.DELAYED and partition.ready_at <= now:
                self._make_spilled(partition)
        return [(key, partition.spilled) for key, partition in self._due.items() if partition.spilled is not None]

    def wake_at(self) -> float | None:
        """When the next delayed partition may continue; None if none is delayed."""
        return self._delayed[0][0] if self._delayed else None

    def delays(self, now: float) -> Iterator[tuple[float, bool]]:
        """Until when each delayed partition waits, and whether the destination holds its user back, not the rate."""
        for ready_at, key in self._delayed:
            partition = self._partitions.get(key)
            if partition is not None and partition.state is State.DELAYED and partition.ready_at == ready_at > now:
                yield ready_at, partition.calm_at > ready_at + CALM_SECONDS - 0.001

    def routes(self) -> list[int]:
        """The routes with parts that may be sent now, the one that has waited longest first."""
        return [route for route, partitions in self._ready.items() if partitions]

    def take(self, route: int, limits: Limits, now: float) -> list[QueuedPart]:
        """The parts of the next request of a route: in order for each partition and within the limits; may be empty."""
        ready = self._ready.pop(route)
        taken: list[QueuedPart] = []
        size = weight = 0
        count, largest, most, rate = limits.count, limits.size, limits.weight, limits.rate
        after_a_pause = count if rate is None else int(limits.window * rate)
        while ready:
            partition = ready.popleft()
            items = partition.items
            paid_at = partition.paid.get(route, 0.0)
            in_steps = rate is not None and partition.calm_at > now
            allowed = after_a_pause
            if rate is not None and (in_steps or paid_at > now):
                allowed = _allowance(partition, paid_at, rate, limits.window, now)
            out = 0
            for item in items[:allowed]:
                if item.route != route:
                    break
                size += len(item.body) + 1
                if most is not None:
                    weight += limits.weigh(item.body)
                if taken and (size > largest or len(taken) >= count or (most is not None and weight > most)):
                    break
                taken.append(item)
                out += 1
            if out:
                del items[:out]
                partition.out = out
                partition.move(State.IN_FLIGHT)
                if rate is not None:
                    partition.paid[route] = now + STEP_SECONDS if in_steps else max(paid_at, now) + out / rate
            elif allowed:
                ready.appendleft(partition)
                break
            else:
                pause = 0.0 if in_steps or rate is None else max(RATE_PAUSE, HANDFUL / rate) - limits.window
                self._delay(partition, paid_at + pause)
        if ready:
            self._ready[route] = ready
        self.waiting -= len(taken)
        self.out += len(taken)
        return taken

    def release(self, items: Collection[QueuedPart]) -> None:
        """Note that parts are settled; a partition continues when none of its parts is in a batch."""
        self.out -= len(items)
        for item in items:
            partition = self._partitions[item.partition]
            partition.out -= 1
            if partition.out:
                continue
            if partition.items:
                self._make_ready(partition)
            elif partition.spilled is not None:
                self._make_spilled(partition)
            else:
                self._make_idle(partition)

    def throttle(self, key: int, hold: Hold, now: float) -> float:
        """Hold the user of a partition back, and return until when. After that, its parts are sent in smaller steps.

        The destination may count over a shorter time than it documents, and would refuse the same burst again.
        """
        partition = self._partitions[key]
        partition.throttled = partition.throttled + 1 if now < partition.calm_at else 1
        until = now + min(hold.longest, hold.seconds * 2.0 ** min(partition.throttled - 1, 32))
        partition.calm_at = until + CALM_SECONDS
        # Nothing was taken, so nothing has to be made up for.
        partition.paid = {route: min(paid_at, until) for route, paid_at in partition.paid.items()}
        return until

    def hold(self, items: Iterable[QueuedPart], until: float) -> None:
        """Take back unsent parts; their partitions wait on disk until a time."""
        for item in items:
            partition = self._partitions[item.partition]
            partition.out -= 1
            self.out -= 1
            if partition.spilled is None or item.seq < partition.spilled:
                partition.spilled = item.seq
            if not partition.out:
                self._delay(partition, until)

    def _make_ready(self, partition: Partition) -> None:
        partition.move(State.READY)
        route = partition.items[0].route
        ready = self._ready.get(route)
        if ready is None:
            ready = self._ready[route] = deque()
        ready.append(partition)

    def _make_spilled(self, partition: Partition) -> None:
        partition.move(State.SPILLED)
        self._due[partition.key] = partition

    def _make_idle(self, partition: Partition) -> None:
        partition.move(State.IDLE)
        self._forget(partition)

    def _delay(self, partition: Partition, until: float) -> None:
        partition.move(State.DELAYED)
        if partition.items:
            first = partition.items[0].seq
            partition.spilled = first if partition.spilled is None else min(first, partition.spilled)
            self.waiting -= len(partition.items)
            partition.items.clear()
        partition.ready_at = max(until, partition.ready_at)
        heapq.heappush(self._delayed, (partition.ready_at, partition.key))

    def _forget(self, partition: Partition) -> None:
        now = self._now
        if partition.calm_at > now:
            return
        for paid_at in partition.paid.values():
            if paid_at > now:
                return
        del self._partitions[partition.key]

    def _sweep(self, now: float) -> None:
        """Forget idle partitions once their rate has recovered, often enough for memory to stay flat."""
        self._now = now
        if len(self._partitions) < self._sweep_at:
            return
        for partition in [partition for partition in self._partitions.values() if partition.state is State.IDLE]:
            self._forget(partition)
        self._sweep_at = max(SWEEP_AT, 2 * len(self._partitions))


def _allowance(partition: Partition, paid_at: float, rate: float, window: float, now: float) -> int:
    """How many may go out now; of a throttled partition a whole step, halved each time in a row, or none."""
    if partition.calm_at > now:
        return max(1, int(rate * 0.5 ** (partition.throttled - 1))) if paid_at <= now else 0
    return int((window - max(0.0, paid_at - now)) * rate)
