"""Buckets and the number of connections."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.delivery.clock import SystemClock
from rulewright.runtime.delivery.schedule.rates import Bucket, Concurrency


@given(st.floats(0.1, 1_000), st.floats(1, 1_000), st.lists(st.integers(1, 50), max_size=30))
def test_a_bucket_is_ready_when_it_says_so(rate: float, burst: float, takes: list[int]) -> None:
    now = 5.0
    bucket = Bucket(rate, burst, now)
    taken = 0
    for count in takes:
        while not bucket.ready(now):
            now = bucket.ready_at()
        bucket.take(count)
        taken += count
    assert taken <= burst + (now - 5.0) * rate + 50


def test_connections_grow_slowly_and_are_halved_once_for_each_round() -> None:
    concurrency = Concurrency(8, start=4)
    for _ in range(100):
        concurrency.went_well()
    assert concurrency.limit == 8
    concurrency.overloaded(sent_at=1.0, now=2.0)
    concurrency.overloaded(sent_at=1.5, now=2.1)
    assert concurrency.limit == 4
    for moment in (3.0, 4.0, 5.0, 6.0):
        concurrency.overloaded(sent_at=moment, now=moment)
    assert concurrency.limit == 1


def test_the_systems_clock_moves_forward() -> None:
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()
    assert clock.wall() > 1_700_000_000
    assert 0 <= clock.random() < 1
