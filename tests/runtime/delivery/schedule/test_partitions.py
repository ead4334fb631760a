"""Partitions: order for each user, in bounded memory, at the allowed rate."""

from __future__ import annotations

from rulewright.runtime.delivery.adapter import Limits
from rulewright.runtime.delivery.disposition import Hold
from rulewright.runtime.delivery.schedule.batch import Batch
from rulewright.runtime.delivery.schedule.partitions import (
    CALM_SECONDS,
    PARTITION_DEPTH,
    SWEEP_AT,
    Partitions,
    QueuedPart,
)

WIDE = Limits(count=100, size=10_000)


def item(seq: int, partition: int = 1, route: int = 1, size: int = 1) -> QueuedPart:
    return QueuedPart(seq, partition, route, b"x" * size)


def seqs(items: list[QueuedPart]) -> list[int]:
    return [item.seq for item in items]


def filled(*items: QueuedPart) -> Partitions:
    partitions = Partitions()
    partitions.add(items)
    return partitions


def test_a_lane_is_in_one_batch_at_a_time() -> None:
    partitions = filled(item(1), item(2, route=2), item(3), item(4, partition=2))
    assert partitions.routes() == [1]
    taken = partitions.take(1, WIDE, 0.0)
    assert seqs(taken) == [1, 4]
    partitions.add([item(5)])
    assert partitions.routes() == []
    partitions.release(taken)
    assert partitions.routes() == [2]
    partitions.release(partitions.take(2, WIDE, 0.0))
    assert seqs(partitions.take(1, WIDE, 0.0)) == [3, 5]


def test_a_request_keeps_to_count_and_size_but_takes_at_least_one() -> None:
    partitions = filled(*(item(n, partition=n, size=40) for n in range(1, 8)))
    assert seqs(partitions.take(1, Limits(count=2, size=1_000), 0.0)) == [1, 2]
    assert seqs(partitions.take(1, Limits(count=9, size=90), 0.0)) == [3, 4]
    assert seqs(partitions.take(1, Limits(count=9, size=1), 0.0)) == [5]
    assert (partitions.waiting, partitions.out) == (2, 5)


def test_what_goes_beyond_a_lanes_depth_is_read_from_disk_in_order() -> None:
    partitions = filled(*(item(n) for n in range(PARTITION_DEPTH + 5)))
    assert partitions.waiting == PARTITION_DEPTH
    wide = Limits(count=PARTITION_DEPTH, size=10**9)
    partitions.release(partitions.take(1, wide, 0.0))
    assert partitions.due(0.0) == [(1, PARTITION_DEPTH)]
    partitions.refill(1, [item(PARTITION_DEPTH), item(PARTITION_DEPTH + 1)], more=True)
    partitions.add([item(PARTITION_DEPTH + 9)])
    partitions.release(partitions.take(1, wide, 0.0))
    assert partitions.due(0.0) == [(1, PARTITION_DEPTH + 2)]
    partitions.refill(1, [item(PARTITION_DEPTH + 2)], more=False)
    partitions.add([item(PARTITION_DEPTH + 10)])
    assert seqs(partitions.take(1, wide, 0.0)) == [PARTITION_DEPTH + 2, PARTITION_DEPTH + 10]


def test_a_held_lane_waits_on_disk_from_its_first_unsent_part() -> None:
    partitions = filled(item(1), item(2), item(3, partition=2), item(4, route=2))
    taken = partitions.take(1, WIDE, 0.0)
    partitions.hold([mapping for mapping in taken if mapping.partition == 1], until=30.0)
    partitions.release([mapping for mapping in taken if mapping.partition == 2])
    partitions.add([item(5)])
    assert (partitions.waiting, partitions.out) == (0, 0)
    assert (partitions.due(29.0), partitions.wake_at()) == ([], 30.0)
    assert partitions.due(30.0) == [(1, 1)]
    partitions.refill(1, [item(1), item(2), item(4, route=2), item(5)], more=False)
    assert seqs(partitions.take(1, WIDE, 30.0)) == [1, 2]


def test_a_throttled_lane_goes_on_in_smaller_steps_until_it_is_calm() -> None:
    paced = Limits(count=1_000, size=10**9, rate=30.0)
    partitions = filled(*(item(n) for n in range(400)))
    seq, now = 0, 0.0
    for steps in (400, 30, 15, 7, 3, 1, 1, 1):
        taken = partitions.take(1, paced, now)
        assert len(taken) == steps
        until = partitions.throttle(1, Hold(5.0, 20.0), now)
        partitions.hold(taken, until)
        now = until
        assert partitions.due(now) == [(1, seq)]
        partitions.refill(1, [item(n) for n in range(400)], more=False)
    assert now == 5 + 10 + 20 * 6
    assert len(partitions.take(1, paced, now + CALM_SECONDS)) == 400


def test_a_lane_found_empty_on_disk_is_forgotten() -> None:
    partitions = filled(item(1))
    partitions.hold(partitions.take(1, WIDE, 0.0), until=30.0)
    assert partitions.due(31.0) == [(1, 1)]
    partitions.refill(1, [], more=False)
    assert len(partitions) == 0


def test_a_user_gets_the_average_rate_and_the_burst() -> None:
    limits = Limits(count=1_000, size=10**9, rate=10.0, window=3.0)
    partitions = filled(*(item(n) for n in range(40)))
    assert len(partitions.take(1, limits, 100.0)) == 30
    partitions.release([item(n) for n in range(30)])
    assert partitions.take(1, limits, 100.0) == []
    wake_at = partitions.wake_at()
    assert wake_at == 101.0
    assert partitions.due(wake_at) == [(1, 30)]
    partitions.refill(1, [item(n) for n in range(30, 40)], more=False)
    assert len(partitions.take(1, limits, wake_at)) == 10


def test_a_slow_rate_goes_on_with_a_handful() -> None:
    limits = Limits(count=1_000, size=10**9, rate=0.5, window=60.0)
    partitions = filled(*(item(n) for n in range(40)))
    assert len(partitions.take(1, limits, 100.0)) == 30
    partitions.release([item(n) for n in range(30)])
    assert partitions.take(1, limits, 100.0) == []
    wake_at = partitions.wake_at()
    assert wake_at == 110.0
    assert partitions.due(wake_at) == [(1, 30)]
    partitions.refill(1, [item(n) for n in range(30, 40)], more=False)
    assert len(partitions.take(1, limits, wake_at)) == 5


def test_each_route_has_its_own_pace_for_a_user() -> None:
    slow = Limits(count=1_000, size=10**9, rate=0.5, window=60.0)
    fast = Limits(count=1_000, size=10**9, rate=10.0, window=3.0)
    partitions = filled(*(item(n) for n in range(30)), *(item(n, route=2) for n in range(30, 60)))
    partitions.release(partitions.take(1, slow, 100.0))
    assert len(partitions.take(2, fast, 100.0)) == 30


def test_idle_lanes_are_forgotten_once_their_rate_has_recovered() -> None:
    limits = Limits(count=SWEEP_AT * 2, size=10**9, rate=10.0, window=3.0)
    partitions = filled(*(item(n, partition=n) for n in range(SWEEP_AT + 1)))
    partitions.release(partitions.take(1, limits, 100.0))
    partitions.due(100.05)
    assert len(partitions) == SWEEP_AT + 1
    partitions.add(item(number, partition=-number - 1) for number in range(SWEEP_AT + 2))
    partitions.due(200.0)
    assert len(partitions) == SWEEP_AT + 2


def test_dividing_a_batch_sets_free_those_who_need_not_wait() -> None:
    batch = Batch(1, [item(1), item(2, partition=2), item(3), item(4, partition=3)], 0.0)
    rest = batch.divide()
    assert [seqs(segment) for segment in batch.segments] == [[3], [1, 2]]
    assert rest is not None
    assert [seqs(segment) for segment in rest.segments] == [[4]]
    alone = Batch(1, [item(1), item(2)], 0.0)
    assert alone.divide() is None
    assert [seqs(segment) for segment in alone.segments] == [[2], [1]]
    assert seqs(alone.withdraw({1})) == [2, 1]
    assert alone.segments == []
