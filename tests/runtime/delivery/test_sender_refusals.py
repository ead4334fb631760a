"""Parts that are refused: which become dead letters, and when the sender itself is what is refused, and stops."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from rulewright.runtime.delivery.input.reader import Chunk
from rulewright.runtime.delivery.store.queue_status import NotPending, bury, dead_letters, pending, revive
from tests.long_cases import long_cases

from .sender_cases import assert_all_once_in_order, events, refuse
from .simulation import OpenSource, Simulation, event


def test_refused_events_are_taken_out_one_list_after_another(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["400-first"] * 3)
    bad = [event(number, f"user-{number}", amplitude={"time": "noon"}) for number in (100, 101, 102)]
    report = simulation.run([*events(50), *bad])
    assert report.totals[:3] == (53, 50, 3)
    letters = list(dead_letters(simulation.path))
    assert [letter.code for letter in letters] == ["events_with_invalid_fields"] * 3
    assert "`time`" in letters[0].reason
    assert_all_once_in_order(simulation, 50)


def test_without_a_list_the_bad_event_is_found_by_dividing(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-000007", 400)
    assert simulation.run(events(64)).totals[:3] == (64, 63, 1)
    assert [letter.code for letter in dead_letters(simulation.path)] == ["http_400"]
    assert simulation.delivered_of("user-7") == [f"m-{number:06}" for number in (17, 27, 37, 47, 57)]


def test_forbidden_content_becomes_a_dead_letter_and_a_forbidden_sender_stops(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-000007", 403)
    assert simulation.run(events(64)).totals[:3] == (64, 63, 1)
    other = Simulation(tmp_path / "other")
    other.path.parent.mkdir()
    refuse(other, b"m-", 403)
    report = other.run(events(64))
    assert report.stopped is not None
    assert report.totals[:3] == (64, 0, 0)


def test_one_part_that_is_refused_while_nothing_else_is_sent_stops_the_sender(tmp_path: Path) -> None:
    """By itself, no answer proves that it is the part and not the sender that is refused."""
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-000007", 403)
    report = simulation.run([event(7)])
    assert report.stopped == ("http_403", "the destination answered 403: no")
    assert (report.suspects, report.totals[:3]) == ((1,), (1, 0, 0))
    # what the same user did later has to wait for it, and so proves nothing
    assert simulation.run([event(8)]).totals[:3] == (2, 0, 0)
    report = simulation.run([event(number, "another") for number in range(9, 12)])
    assert (report.stopped, report.totals[:3]) == (None, (5, 4, 1))
    assert [letter.seq for letter in dead_letters(simulation.path)] == [1]


def test_a_part_that_is_always_refused_can_be_buried_by_hand(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-000007", 403)
    report = simulation.run([event(7), event(8)])
    assert report.suspects == (1,)
    assert [part.seq for part in pending(simulation.path, 9)] == [1, 2]
    with pytest.raises(NotPending, match="no pending part has the number 3"):
        bury(simulation.path, [1, 3], simulation.clock.wall())
    assert bury(simulation.path, [1], simulation.clock.wall()) == 1
    assert (simulation.status().pending, simulation.status().dead_codes, simulation.status().balanced) == (
        1,
        {"buried": 1},
        True,
    )
    assert simulation.run().totals[:3] == (2, 1, 1)
    simulation.exchange.fake = simulation.fake
    assert revive(simulation.path, "buried") == 1
    assert simulation.run().totals[:3] == (2, 2, 0)


def test_while_more_may_come_a_refused_part_waits_for_proof(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-000007", 400)
    with closing(simulation.open()) as queue:
        sender = simulation.sender(queue, OpenSource(simulation.mailbox))  # type: ignore[arg-type]
        sender.start()
        simulation.mailbox.put(Chunk([event(7)], None))
        for _ in range(50):
            assert not sender.step(sender.patience())
        assert len(simulation.exchange.sent) > 4
        assert (queue.totals[:3], sender.report.stopped) == ((1, 0, 0), None)
        simulation.mailbox.put(Chunk([event(8), event(9, "user-2")], None))
        for _ in range(300):
            sender.step(sender.patience())
        assert (queue.totals[:3], sender.report.stopped) == ((3, 2, 1), None)


@pytest.mark.parametrize("count", [1, 2, 25, 64, *long_cases(3, 5, 24, 700)])
@pytest.mark.parametrize("status", [202, 400, 403, 413])
@pytest.mark.parametrize("users", [1, 1_000])
def test_a_sender_that_is_refused_as_a_whole_stops_whatever_the_size(
    tmp_path: Path, count: int, status: int, users: int
) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-", status)
    report = simulation.run(events(count, users))
    assert report.stopped is not None
    assert report.stopped.code == ("unclear_answer" if status == 202 else f"http_{status}")
    assert report.totals[:3] == (count, 0, 0)
    assert len(simulation.exchange.sent) < (120 if status != 202 else 1_000)  # what may be taken is tried more often
    simulation.exchange.fake = simulation.fake
    assert simulation.run().totals[:3] == (count, count, 0)
    assert_all_once_in_order(simulation, count, users)


@pytest.mark.parametrize("status", [202, 400, 403, 413])
@pytest.mark.parametrize("broken", [(1, 5), (8, 200), *long_cases((1, 200), (8, 5), (3, 1), (3, 30))])
def test_a_proxy_that_is_broken_for_a_while_buries_nothing(
    tmp_path: Path, status: int, broken: tuple[int, int]
) -> None:
    passing, refused = broken
    simulation = Simulation(tmp_path, batch_events=10)
    refuse(simulation, b"m-", status, after=passing, times=refused)
    for _ in range(20):
        report = simulation.run(events(300, 100) if not simulation.path.exists() else [])
        assert report.totals.dead == 0
        if report.stopped is None:
            break
    assert report.totals[:3] == (300, 300, 0)
    assert_all_once_in_order(simulation, 300, 100)


def test_an_address_that_does_not_exist_stops_and_keeps_everything(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-", 404)
    report = simulation.run(events(10))
    assert report.stopped is not None
    assert simulation.status().pending == 10


@pytest.mark.parametrize("faults", [[], ["503", "500"]])
def test_an_address_that_is_not_there_for_a_moment_stops_nothing(tmp_path: Path, faults: list[str]) -> None:
    # Four connections are told the same at once, and no more than that.
    simulation = Simulation(tmp_path, batch_events=10, faults=faults)
    refuse(simulation, b"m-", 404, times=4)
    report = simulation.run(events(40, users=40))
    assert report.stopped is None
    assert_all_once_in_order(simulation, 40, users=40)


def test_too_large_is_halved_until_it_fits_and_one_alone_is_a_dead_letter(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-", 413, larger_than=2_000)
    large = event(64, "user-64", amplitude={"event_properties": {"text": "x" * 3_000}})
    report = simulation.run([*events(64), large])
    assert report.totals[:3] == (65, 64, 1)
    assert [letter.code for letter in dead_letters(simulation.path)] == ["http_413"]
    assert_all_once_in_order(simulation, 64)


def test_when_nothing_is_small_enough_the_sender_stops(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path)
    refuse(simulation, b"m-", 413)
    report = simulation.run(events(100))
    assert report.stopped is not None
    assert report.totals.delivered == 0
    assert report.totals.dead < 25
    simulation.exchange.fake = simulation.fake
    assert revive(simulation.path) == report.totals.dead
    assert simulation.run().totals[:3] == (100, 100, 0)
    assert_all_once_in_order(simulation, 100)


def test_a_server_error_that_one_event_causes_holds_back_no_one_else(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, batch_events=10)
    refuse(simulation, b"m-000007", 500)
    simulation.run(events(200, users=200), seconds=300)
    assert len(simulation.delivered) == 199
    assert simulation.status().pending == 1


def test_a_count_that_never_fits_ends_as_a_dead_letter(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["count"] * 40)
    assert simulation.run(events(4)).totals.pending == 0
