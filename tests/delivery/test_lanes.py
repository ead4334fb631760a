"""Lanes: order for each user, in bounded memory, at the allowed rate."""

from __future__ import annotations

from rulewright.runtime.delivery.adapter import Limits
from rulewright.runtime.delivery.schedule.batch import Batch
from rulewright.runtime.delivery.schedule.disposition import Hold
from rulewright.runtime.delivery.schedule.partitions import CALM_SECONDS, LANE_DEPTH, SWEEP_AT, Item, Partitions

WIDE = Limits(count=100, size=10_000)


def item(seq: int, lane: int = 1, route: int = 1, size: int = 1) -> Item:
    return Item(seq, lane, route, b"x" * size)


def seqs(items: list[Item]) -> list[int]:
    return [one.seq for one in items]


def filled(*items: Item) -> Partitions:
    lanes = Partitions()
    for one in items:
        lanes.add(one, 0.0)
    return lanes


def test_a_lane_is_in_one_batch_at_a_time() -> None:
    lanes = filled(item(1), item(2, route=2), item(3), item(4, lane=2))
    assert lanes.routes() == [1]
    taken = lanes.take(1, WIDE, 0.0)
    assert seqs(taken) == [1, 4]
    lanes.add(item(5), 0.0)
    assert lanes.routes() == []
    lanes.release(taken)
    assert lanes.routes() == [2]
    lanes.release(lanes.take(2, WIDE, 0.0))
    assert seqs(lanes.take(1, WIDE, 0.0)) == [3, 5]


def test_a_request_keeps_to_count_and_size_but_takes_at_least_one() -> None:
    lanes = filled(*(item(n, lane=n, size=40) for n in range(1, 8)))
    assert seqs(lanes.take(1, Limits(count=2, size=1_000), 0.0)) == [1, 2]
    assert seqs(lanes.take(1, Limits(count=9, size=90), 0.0)) == [3, 4]
    assert seqs(lanes.take(1, Limits(count=9, size=1), 0.0)) == [5]
    assert (lanes.waiting, lanes.out) == (2, 5)


def test_what_goes_beyond_a_lanes_depth_is_read_from_disk_in_order() -> None:
    lanes = filled(*(item(n) for n in range(LANE_DEPTH + 5)))
    assert lanes.waiting == LANE_DEPTH
    wide = Limits(count=LANE_DEPTH, size=10**9)
    lanes.release(lanes.take(1, wide, 0.0))
    assert lanes.due(0.0) == [(1, LANE_DEPTH)]
    lanes.refill(1, [item(LANE_DEPTH), item(LANE_DEPTH + 1)], more=True)
    lanes.add(item(LANE_DEPTH + 9), 0.0)
    lanes.release(lanes.take(1, wide, 0.0))
    assert lanes.due(0.0) == [(1, LANE_DEPTH + 2)]
    lanes.refill(1, [item(LANE_DEPTH + 2)], more=False)
    lanes.add(item(LANE_DEPTH + 10), 0.0)
    assert seqs(lanes.take(1, wide, 0.0)) == [LANE_DEPTH + 2, LANE_DEPTH + 10]


def test_a_held_lane_waits_on_disk_from_its_first_unsent_part() -> None:
    lanes = filled(item(1), item(2), item(3, lane=2), item(4, route=2))
    taken = lanes.take(1, WIDE, 0.0)
    lanes.hold([one for one in taken if one.lane == 1], until=30.0)
    lanes.release([one for one in taken if one.lane == 2])
    lanes.add(item(5), 1.0)
    assert (lanes.waiting, lanes.out) == (0, 0)
    assert (lanes.due(29.0), lanes.wake_at()) == ([], 30.0)
    assert lanes.due(30.0) == [(1, 1)]
    lanes.refill(1, [item(1), item(2), item(4, route=2), item(5)], more=False)
    assert seqs(lanes.take(1, WIDE, 30.0)) == [1, 2]


def test_a_throttled_lane_goes_on_in_smaller_steps_until_it_is_calm() -> None:
    paced = Limits(count=1_000, size=10**9, rate=30.0)
    lanes = filled(*(item(n) for n in range(400)))
    seq, now = 0, 0.0
    for steps in (400, 30, 15, 7, 3, 1, 1, 1):
        taken = lanes.take(1, paced, now)
        assert len(taken) == steps
        until = lanes.throttle(1, Hold(5.0, 20.0), now)
        lanes.hold(taken, until)
        now = until
        assert lanes.due(now) == [(1, seq)]
        lanes.refill(1, [item(n) for n in range(400)], more=False)
    assert now == 5 + 10 + 20 * 6
    assert len(lanes.take(1, paced, now + CALM_SECONDS)) == 400


def test_a_lane_found_empty_on_disk_is_forgotten() -> None:
    lanes = filled(item(1))
    lanes.hold(lanes.take(1, WIDE, 0.0), until=30.0)
    assert lanes.due(31.0) == [(1, 1)]
    lanes.refill(1, [], more=False)
    assert len(lanes) == 0


def test_a_user_gets_the_average_rate_and_the_burst() -> None:
    limits = Limits(count=1_000, size=10**9, rate=10.0, window=3.0)
    lanes = filled(*(item(n) for n in range(40)))
    assert len(lanes.take(1, limits, 100.0)) == 30
    lanes.release([item(n) for n in range(30)])
    assert lanes.take(1, limits, 100.0) == []
    wake_at = lanes.wake_at()
    assert wake_at == 101.0
    assert lanes.due(wake_at) == [(1, 30)]
    lanes.refill(1, [item(n) for n in range(30, 40)], more=False)
    assert len(lanes.take(1, limits, wake_at)) == 10


def test_idle_lanes_are_forgotten_once_their_rate_has_recovered() -> None:
    limits = Limits(count=SWEEP_AT * 2, size=10**9, rate=10.0, window=3.0)
    lanes = filled(*(item(n, lane=n) for n in range(SWEEP_AT + 1)))
    lanes.release(lanes.take(1, limits, 100.0))
    lanes.due(100.05)
    assert len(lanes) == SWEEP_AT + 1
    for number in range(SWEEP_AT + 2):
        lanes.add(item(number, lane=-number - 1), 200.0)
    lanes.due(200.0)
    assert len(lanes) == SWEEP_AT + 2


def test_dividing_a_batch_sets_free_those_who_need_not_wait() -> None:
    batch = Batch(1, [item(1), item(2, lane=2), item(3), item(4, lane=3)], 0.0)
    rest = batch.divide()
    assert [seqs(segment) for segment in batch.segments] == [[3], [1, 2]]
    assert rest is not None
    assert [seqs(segment) for segment in rest.segments] == [[4]]
    alone = Batch(1, [item(1), item(2)], 0.0)
    assert alone.divide() is None
    assert [seqs(segment) for segment in alone.segments] == [[2], [1]]
    assert seqs(alone.withdraw({1})) == [2, 1]
    assert alone.segments == []
