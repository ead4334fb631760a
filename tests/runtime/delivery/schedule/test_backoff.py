"""How long a request waits before it is tried again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rulewright.runtime.delivery.schedule.backoff import BACKOFF_CAP, backoff
from tests.runtime.delivery.simulation import FakeClock


@given(st.integers(1, 1_000), st.integers(0, 2**32))
def test_backoff_has_full_jitter_under_a_ceiling(attempt: int, seed: int) -> None:
    assert 0 <= backoff(attempt, FakeClock(seed)) <= min(BACKOFF_CAP, 0.1 * 2.0 ** min(attempt, 32))


def test_backoff_spreads_over_the_whole_range() -> None:
    clock = FakeClock()
    waits = [backoff(6, clock) for _ in range(1_000)]
    assert min(waits) < 0.2
    assert max(waits) > 6.2
