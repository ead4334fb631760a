"""How fast a sender sends: throttled users, quotas, rates, pauses, and the grace of a stop."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from .sender_cases import assert_all_once_in_order, events, refuse
from .simulation import FakeMailbox, Simulation, event


@pytest.mark.parametrize(("failing", "told"), [(4, 0), (5, 1), (40, 1)])
def test_a_destination_that_takes_nothing_is_told_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, failing: int, told: int
) -> None:
    simulation = Simulation(tmp_path, faults=["503"] * failing)
    with caplog.at_level(logging.WARNING):
        simulation.run(events(10))
    assert_all_once_in_order(simulation, 10)
    assert caplog.text.count("none of the last 5 requests was accepted") == told


def test_a_throttled_user_holds_back_no_one_else(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["429-ids"], batch_events=50)
    simulation.run(events(200), seconds=20)
    assert simulation.delivered_of("user-0") == []
    assert len(simulation.delivered) == 180
    simulation.run()
    assert_all_once_in_order(simulation, 200)


def test_a_daily_quota_is_asked_for_more_and_more_seldom(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["429-quota"] * 10)
    start = simulation.clock.now
    assert simulation.run(events(100, users=1)).totals[:3] == (100, 100, 0)
    waits = [60, 120, 240, 480, 960, 1_920, 3_600, 3_600, 3_600, 3_600]
    assert sum(waits) <= simulation.clock.now - start <= sum(waits) + 120
    assert_all_once_in_order(simulation, 100, users=1)


def test_who_counts_by_the_second_gets_it_by_the_second(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, throttle=30)
    start = simulation.clock.now
    simulation.run([event(number) for number in range(600)])
    assert simulation.delivered_of("user-1") == [f"m-{number:06}" for number in range(600)]
    # refused once, and after half a minute thirty each second
    assert 45 <= simulation.clock.now - start <= 60


def test_one_user_is_sent_no_faster_than_amplitude_allows(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    start = simulation.clock.now
    simulation.run([event(number) for number in range(3_000)], chunk=500)
    # 30 a second, averaged over 30 seconds: 900 at once, then the other 2,100 in no less than 70 seconds
    assert 69 <= simulation.clock.now - start <= 80
    assert simulation.delivered_of("user-1") == [f"m-{number:06}" for number in range(3_000)]


def test_a_user_with_more_than_memory_holds_back_no_one_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rulewright.runtime.delivery.window.WINDOW_ITEMS", 300)
    monkeypatch.setattr("rulewright.runtime.delivery.window.LOAD_ITEMS", 100)
    monkeypatch.setattr("rulewright.runtime.delivery.schedule.partitions.PARTITION_DEPTH", 50)
    monkeypatch.setattr("rulewright.runtime.delivery.window.PARTITION_DEPTH", 50)
    simulation = Simulation(tmp_path, batch_events=40)
    hot = [event(number) for number in range(2_000)]
    others = [event(number, f"other-{number}") for number in range(2_000, 2_300)]
    simulation.run([*hot, *others], seconds=20)
    assert len([name for name in simulation.delivered if name >= "m-002000"]) == 300
    assert len(simulation.delivered) < 2_300
    simulation.run()
    assert simulation.delivered_of("user-1") == [f"m-{number:06}" for number in range(2_000)]


def test_one_failure_of_all_connections_causes_no_long_pause(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, batch_events=10, connections=32)
    refuse(simulation, b"m-", 500, times=16)
    start = simulation.clock.now
    simulation.run(events(1_000, users=1_000))
    assert_all_once_in_order(simulation, 1_000, users=1_000)
    assert simulation.clock.now - start < 6


@pytest.mark.parametrize(("grace", "latency"), [(0.0, 50.0), (3.0, 50.0), (30.0, 50.0), (100.0, 50.0)])
def test_a_stop_waits_for_requests_in_flight_as_long_as_its_grace(tmp_path: Path, grace: float, latency: float) -> None:
    simulation = Simulation(tmp_path)
    simulation.grace = grace
    simulation.exchange._latency = latency
    start = simulation.clock.now
    report = simulation.run(events(20), seconds=1.0)
    waited = simulation.clock.now - start - 1.0
    assert report.stopped == ("asked", "time is up")
    if waited < grace:
        assert report.totals.delivered == 20
    else:
        assert waited == pytest.approx(grace, abs=0.01)
        assert report.totals.pending == 20
    simulation.exchange._latency = 0.05
    simulation.mailbox = FakeMailbox(simulation.clock)
    simulation.exchange._mailbox = simulation.mailbox
    assert simulation.run().totals[:3] == (20, 20, 0)
    assert_all_once_in_order(simulation, 20)


def test_a_total_rate_is_kept(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, rate=50.0, batch_events=10)
    start = simulation.clock.now
    simulation.run(events(500))
    assert simulation.clock.now - start > 8.5
