"""The states of a partition: every transition of the table is walked, and no order of events leaves the table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rulewright.runtime.delivery.adapter import Limits
from rulewright.runtime.delivery.disposition import Hold
from rulewright.runtime.delivery.schedule.partition_state import TRANSITIONS, State
from rulewright.runtime.delivery.schedule.partitions import Partition, Partitions, QueuedPart

LIMITS = Limits(count=3, size=10_000, rate=2.0, window=2.0)


def item(seq: int, partition: int = 1) -> QueuedPart:
    return QueuedPart(seq, partition, 1, b"x")


def with_(*numbers: int) -> Partitions:
    partitions = Partitions()
    for number in numbers:
        partitions.add([item(number)])
    return partitions


def sent(*numbers: int) -> Partitions:
    partitions = with_(*numbers)
    partitions.take(1, LIMITS, 0.0)
    return partitions


def held() -> Partitions:
    partitions = sent(1, 2)
    partitions.hold([item(1), item(2)], 10.0)
    return partitions


def due() -> Partitions:
    partitions = held()
    assert partitions.due(10.0) == [(1, 1)]
    return partitions


def one_release(partitions: Partitions) -> None:
    partitions.release([item(number) for number in range(1, 4)])


WALK: list[tuple[State, State, Callable[[], Partitions], Callable[[Partitions], object]]] = [
    (State.IDLE, State.READY, Partitions, lambda partitions: partitions.add([item(1)])),
    (State.READY, State.IN_FLIGHT, lambda: with_(1), lambda partitions: partitions.take(1, LIMITS, 0.0)),
    (State.READY, State.DELAYED, lambda: _out_of_rate(), lambda partitions: partitions.take(1, LIMITS, 0.0)),
    (State.IN_FLIGHT, State.IDLE, lambda: sent(1, 2, 3), one_release),
    (State.IN_FLIGHT, State.READY, lambda: sent(1, 2, 3, 4), one_release),
    (State.IN_FLIGHT, State.DELAYED, lambda: sent(1), lambda partitions: partitions.hold([item(1)], 10.0)),
    (State.IN_FLIGHT, State.SPILLED, lambda: _beyond_depth(), one_release),
    (State.DELAYED, State.SPILLED, held, lambda partitions: partitions.due(10.0)),
    (State.SPILLED, State.READY, due, lambda partitions: partitions.refill(1, [item(1), item(2)], more=False)),
    (State.SPILLED, State.IDLE, due, lambda partitions: partitions.refill(1, [], more=False)),
]
"""From, to, how a partition comes into the first state, and the event that takes it to the second."""


def _out_of_rate() -> Partitions:
    partitions = with_(1, 2, 3, 4, 5)
    for _ in range(2):
        partitions.release(partitions.take(1, LIMITS, 0.0))
    return partitions


def _beyond_depth() -> Partitions:
    partitions = due()
    partitions.refill(1, [item(1), item(2), item(3)], more=True)
    partitions.take(1, LIMITS, 10.0)
    return partitions


def test_the_walk_is_the_table() -> None:
    steps = [(before, after) for before, after, _, _ in WALK]
    assert sorted(steps, key=str) == sorted(
        ((before, after) for before, states in TRANSITIONS.items() for after in states), key=str
    )


@pytest.mark.parametrize(
    ("before", "after", "begin", "event"), WALK, ids=[f"{before.name}-{after.name}" for before, after, _, _ in WALK]
)
def test_a_transition(
    before: State,
    after: State,
    begin: Callable[[], Partitions],
    event: Callable[[Partitions], object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    partitions = begin()
    moves = []
    move = Partition.move

    def record(partition: Partition, state: State) -> None:
        moves.append((partition.state, state))
        move(partition, state)

    monkeypatch.setattr(Partition, "move", record)
    event(partitions)
    assert moves == [(before, after)]


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_no_other_transition_is_made(before: State, after: State) -> None:
    partition = Partition(1)
    partition.state = before
    if after in TRANSITIONS[before]:
        partition.move(after)
        assert partition.state is after
    else:
        with pytest.raises(AssertionError, match=f"from {before.name} to {after.name}"):
            partition.move(after)


def test_a_partition_whose_first_parts_are_all_damaged_is_read_on() -> None:
    partitions = due()
    partitions.refill(1, [], more=True)
    assert partitions.due(10.0) == [(1, 1)]


class Traffic(RuleBasedStateMachine):
    """Parts come, go out, are taken, held back and read from disk, and each user's arrive in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.partitions = Partitions()
        self.disk: dict[int, list[QueuedPart]] = {1: [], 2: []}
        self.taken: list[QueuedPart] = []
        self.now = 0.0
        self.seq = 0

    @rule(partition=st.sampled_from([1, 2]))
    def add(self, partition: int) -> None:
        self.seq += 1
        self.disk[partition].append(item(self.seq, partition))
        self.partitions.add([item(self.seq, partition)])

    @rule(count=st.integers(1, 4))
    def take(self, count: int) -> None:
        if not self.taken and self.partitions.routes():
            self.taken = self.partitions.take(1, replace(LIMITS, count=count), self.now)
            for partition in (1, 2):
                mine = [part for part in self.taken if part.partition == partition]
                assert mine == self.disk[partition][: len(mine)]

    @rule()
    def release(self) -> None:
        self._settle(self.taken)
        self.partitions.release(self.taken)
        self.taken = []

    @rule(partition=st.sampled_from([1, 2]), seconds=st.floats(0.5, 20))
    def hold(self, partition: int, seconds: float) -> None:
        mine = [part for part in self.taken if part.partition == partition]
        if mine:
            until = self.partitions.throttle(partition, Hold(seconds, 30.0), self.now)
            self.partitions.hold(mine, until)
            self.taken = [part for part in self.taken if part.partition != partition]

    @rule(seconds=st.floats(0.1, 15), depth=st.integers(1, 3))
    def wait(self, seconds: float, depth: int) -> None:
        self.now += seconds
        for partition, first in self.partitions.due(self.now):
            rest = [part for part in self.disk[partition] if part.seq >= first]
            self.partitions.refill(partition, rest[:depth], more=len(rest) > depth)

    def _settle(self, items: Iterable[QueuedPart]) -> None:
        for part in items:
            self.disk[part.partition].remove(part)

    @invariant()
    def the_counts_are_those_of_the_parts(self) -> None:
        assert self.partitions.out == len(self.taken)
        assert 0 <= self.partitions.waiting <= sum(map(len, self.disk.values())) - len(self.taken)

    def teardown(self) -> None:
        """Whatever happened, everything goes out in the end."""
        for _ in range(200):
            self.release()
            if not any(self.disk.values()):
                return
            self.wait(20.0, 3)
            self.take(3)
        raise AssertionError(f"never sent: {self.disk}")


Traffic.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestTraffic = Traffic.TestCase
