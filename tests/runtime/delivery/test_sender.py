"""What a sender owes for each answer, to each user, and to its operator."""

from __future__ import annotations

import logging
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from rulewright.runtime.delivery.adapter import Answer
from rulewright.runtime.delivery.input.reader import Chunk
from rulewright.runtime.delivery.store.queue_status import NotPending, bury, dead_letters, pending, revive
from rulewright.runtime.destinations.amplitude.delivery.event_ids import INSERT_ID_MEMORY
from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
from rulewright.runtime.destinations.amplitude.fake.faults import FAULTS, TRANSIENT
from tests.long_cases import long_cases
from tests.runtime.delivery.test_sender_state_machine import OpenSource

from .simulation import KEY, FakeMailbox, Simulation, event


def events(count: int, users: int = 10) -> list[dict[str, object]]:
    return [event(number, f"user-{number % users}") for number in range(count)]


def assert_all_once_in_order(simulation: Simulation, count: int, users: int = 10) -> None:
    assert sorted(simulation.delivered) == [f"m-{number:06}" for number in range(count)]
    for user in range(users):
        expected = [f"m-{number:06}" for number in range(user, count, users)]
        assert simulation.delivered_of(f"user-{user}") == expected


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


def test_one_failure_of_all_connections_causes_no_long_pause(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, batch_events=10, connections=32)
    refuse(simulation, b"m-", 500, times=16)
    start = simulation.clock.now
    simulation.run(events(1_000, users=1_000))
    assert_all_once_in_order(simulation, 1_000, users=1_000)
    assert simulation.clock.now - start < 6


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


def refuse(
    simulation: Simulation, what: bytes, status: int, larger_than: int = 0, times: int = 1_000_000, after: int = 0
) -> None:
    """Let the simulation's fake refuse requests that hold these bytes, without saying why: so many, after so many."""
    handle = simulation.fake.handle
    left, first = iter(range(times)), iter(range(after))

    class Refusing:
        def handle(self, path: str, headers: dict[str, str], body: bytes) -> object:
            meant = what in body and len(body) > larger_than
            if meant and next(first, None) is None and next(left, None) is not None:
                return type(handle(path, headers, b""))(status, b"no")
            return handle(path, headers, body)

    simulation.exchange.fake = Refusing()  # type: ignore[assignment]
