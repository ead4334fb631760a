"""A sender delivers each event once and in the order of its user, and stops where going on would lose something."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rulewright.runtime.delivery.adapter import Answer
from rulewright.runtime.delivery.store.queue_status import dead_letters, revive
from rulewright.runtime.destinations.amplitude.delivery.identity import INSERT_ID_MEMORY
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.fake.faults import FAULTS, TRANSIENT

from .sender_cases import assert_all_once_in_order, events, refuse
from .simulation import KEY, Simulation, event


def test_everything_is_delivered_once_and_in_order(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    report = simulation.run(events(500))
    assert report.stopped is None
    assert report.totals[:3] == (500, 500, 0)
    assert_all_once_in_order(simulation, 500)
    assert simulation.status().balanced


@pytest.mark.parametrize("fault", TRANSIENT)
def test_a_fault_that_passes_loses_nothing_doubles_nothing_and_keeps_order(tmp_path: Path, fault: str) -> None:
    simulation = Simulation(tmp_path, faults=[None, fault, None, fault, fault], batch_events=20)
    report = simulation.run(events(400))
    assert report.stopped is None
    assert report.totals[:3] == (400, 400, 0)
    assert_all_once_in_order(simulation, 400)


def test_a_retry_sends_the_same_bytes(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["502", "reset-after", "html", "cut", "503"])
    simulation.run(events(30))
    first, *others = simulation.exchange.sent
    assert len(others) == 5
    assert all(other == first for other in others)


def test_an_event_without_an_insert_id_gets_one_that_stays(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["reset-after"])
    simulation.run([event(1, amplitude={"insert_id": None}), event(2, amplitude={"insert_id": None})])
    first, second = simulation.delivered
    with closing(simulation.open()) as queue:
        assert first.startswith(queue.name)
    assert first != second
    assert simulation.fake.ledger.duplicates == 2


def test_a_wrong_key_stops_at_once_and_keeps_everything(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    simulation = Simulation(tmp_path, faults=["400-key"] * 9)
    with caplog.at_level(logging.DEBUG):
        report = simulation.run(events(100))
    assert report.stopped is not None
    assert report.stopped.code == "invalid_api_key"
    assert len(simulation.exchange.sent) == 1
    assert simulation.status().pending == 100
    assert KEY not in caplog.text
    assert len([record for record in caplog.records if record.levelno == logging.WARNING]) == 1
    simulation.faults.clear()
    assert simulation.run().totals[:3] == (100, 100, 0)
    assert_all_once_in_order(simulation, 100)


def test_a_key_of_one_letter_that_is_wrong_stops_at_once(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    simulation.delivery = AmplitudeDelivery(Keys("k"))
    report = simulation.run(events(100))
    assert report.stopped == ("invalid_api_key", "the destination does not know the API key")
    assert report.totals[:3] == (100, 0, 0)


def test_a_fault_of_this_machine_stops_with_its_cause_and_keeps_everything(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    simulation.exchange.answers = Answer(0, {}, b"", "too few file descriptors", cause="raise the limit", ours=True)
    report = simulation.run(events(100))
    assert report.stopped == ("local_trouble", "raise the limit")
    assert (report.totals[:3], len(simulation.exchange.sent)) == ((100, 0, 0), 1)
    simulation.exchange.answers = None
    assert simulation.run().totals[:3] == (100, 100, 0)


@pytest.mark.parametrize(("raised", "stops"), [(RecursionError, False), (KeyError, False), (MemoryError, True)])
def test_an_answer_that_cannot_be_read_costs_no_sender(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, raised: type[Exception], stops: bool
) -> None:
    simulation = Simulation(tmp_path)
    read, left = simulation.delivery.disposition, iter([1])

    def disposition(*arguments: Any) -> Any:
        if next(left, None):
            raise raised
        return read(*arguments)

    monkeypatch.setattr(simulation.delivery, "disposition", disposition)
    report = simulation.run(events(10))
    assert (report.stopped is not None, report.totals.dead) == (stops, 0)
    assert simulation.run().totals[:3] == (10, 10, 0)


def test_form_calls_keep_the_order_of_their_user(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["502", None, "reset-before"])
    mixed = [
        event(0),
        {"type": "identify", "userId": "user-1", "traits": {"plan": "pro"}},
        event(1),
        event(2, "user-2"),
        {"type": "identify", "userId": "user-2"},
    ]
    assert simulation.run(mixed).totals[:3] == (5, 5, 0)
    assert [name for index, name in enumerate(simulation.delivered_of("user-1"))] == ["m-000000", "call", "m-000001"]
    assert simulation.delivered_of("user-2") == ["m-000002", "call"]


def test_lines_that_are_not_json_and_mappers_that_raise_lose_nothing(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    report = simulation.run([b'{"type": "tra', event(1), {"type": "track"}, {"type": "page"}])
    assert report.totals[:3] == (3, 1, 2)
    assert (report.totals.events, report.totals.unmatched) == (4, 1)
    letters = list(dead_letters(simulation.path))
    assert [(letter.code, letter.body) for letter in letters] == [
        ("not_json", b'{"type": "tra'),
        ("mapper_failed", b'{"type":"track"}'),
    ]


def test_dead_letters_can_be_sent_again(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-000007", 400)
    simulation.run([*events(20), b"no json"])
    assert simulation.status().dead == 2
    assert revive(simulation.path) == 1
    assert (simulation.status().dead, simulation.status().pending, simulation.status().balanced) == (1, 1, True)
    simulation.exchange.fake = simulation.fake
    assert simulation.run().totals[:3] == (21, 20, 1)


def test_time_that_jumps_delays_and_loses_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    simulation = Simulation(tmp_path, faults=["502", "429", "503"])
    simulation.mailbox.later(0.1, lambda: setattr(simulation.clock, "wall_offset", 0.0))
    simulation.mailbox.later(0.3, lambda: setattr(simulation.clock, "wall_offset", 4_000_000_000.0))
    start = simulation.clock.now
    assert simulation.run(events(200)).totals[:3] == (200, 200, 0)
    assert simulation.clock.now - start < 10
    assert_all_once_in_order(simulation, 200)


def test_a_queue_older_than_amplitudes_memory_says_so(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    simulation = Simulation(tmp_path, faults=["400-key"])
    simulation.run(events(10))
    assert not simulation.status().is_older_than(INSERT_ID_MEMORY)
    simulation.clock.now += 8 * 24 * 3_600
    assert simulation.status().is_older_than(INSERT_ID_MEMORY)
    simulation.run()
    assert "more than 7 days ago" in caplog.text
    assert_all_once_in_order(simulation, 10)


def test_damaged_rows_become_dead_letters(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["400-key"])
    simulation.run(events(10))
    queue = simulation.open()
    queue._connection.execute("UPDATE items SET body = x'7b' WHERE seq = 3")
    queue.close()
    assert simulation.run().totals[:3] == (10, 9, 1)
    assert [letter.code for letter in dead_letters(simulation.path)] == ["damaged"]


def test_every_fault_is_one_that_these_tests_know() -> None:
    assert set(FAULTS) - set(TRANSIENT) == {"400-key", "429-quota", "stall"}
