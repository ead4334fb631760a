"""The acceptor: groups, repeats, failures of the disk, and an order of everything that ends well."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from rulewright.runtime.delivery.acceptance import acceptor as module
from rulewright.runtime.delivery.acceptance.acceptor import Acceptor, ActiveRules, Arrival, NotAccepted
from rulewright.runtime.delivery.acceptance.disk_space import DiskSpace
from rulewright.runtime.delivery.store.problems import QueueProblem
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.outcome import Outcome
from tests.runtime.delivery.simulation import ADAPTER, event, track


class Answers:
    """What callers are told, in order."""

    def __init__(self) -> None:
        self.problems: list[Exception | None] = []
        self._changed = threading.Condition()

    def __call__(self, problem: Exception | None) -> None:
        with self._changed:
            self.problems.append(problem)
            self._changed.notify_all()

    def wait_for(self, count: int) -> list[Exception | None]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.problems) >= count, 60)
        return self.problems


def arrivals(*numbers: int) -> list[Arrival]:
    return [Arrival(event(number), f"m-{number}", "web") for number in numbers]


class Gate:
    """A mapper that waits until it is opened, so that more gathers behind what is being mapped."""

    def __init__(self) -> None:
        self.entered = threading.Event()
        self.opened = threading.Event()

    def __call__(self, given: dict[str, object]) -> Outcome:
        self.entered.set()
        assert self.opened.wait(60)
        return track(given)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.db"


@pytest.fixture
def gate() -> Iterator[Gate]:
    gate = Gate()
    yield gate
    gate.opened.set()


def started(path: Path, mapper: object = track, disk_space: DiskSpace | None = None) -> Acceptor:
    acceptor = Acceptor(Queue(path, ADAPTER.name), ADAPTER, ActiveRules(mapper, "v1"), disk_space=disk_space)  # type: ignore[arg-type]
    acceptor.start()
    return acceptor


def test_what_gathers_while_a_group_is_written_is_one_commit(path: Path, gate: Gate) -> None:
    acceptor, answers = started(path, gate), Answers()
    acceptor.submit(arrivals(1), 10, answers)
    assert gate.entered.wait(60)
    for number in range(2, 12):
        acceptor.submit(arrivals(number), 10, answers)
    assert acceptor.waiting == 11
    gate.opened.set()
    assert answers.wait_for(11) == [None] * 11
    assert (acceptor.counts.accepted, acceptor.counts.commits) == (11, 2)
    assert acceptor.waiting == 0
    assert acceptor.close(60)
    assert status(path, 0.0).pending == 11


def test_more_than_memory_should_hold_is_refused_at_once(
    path: Path, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    monkeypatch.setattr(module, "MOST_WAITING_BYTES", 100)
    acceptor, answers = started(path, gate), Answers()
    acceptor.submit(arrivals(1, 2), 50, answers)
    with pytest.raises(NotAccepted, match="2 events wait"):
        acceptor.submit(arrivals(3, 4), 1, answers)
    with pytest.raises(NotAccepted) as caught:
        acceptor.submit(arrivals(3), 51, answers)
    assert caught.value.retry_after == 1
    acceptor.submit(arrivals(3), 50, answers)
    gate.opened.set()
    assert answers.wait_for(2) == [None, None]
    assert acceptor.counts.refused == 3
    acceptor.close(60)


def test_one_large_submission_is_taken_when_nothing_waits(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    acceptor, answers = started(path), Answers()
    acceptor.submit(arrivals(*range(10)), 10, answers)
    assert answers.wait_for(1) == [None]
    acceptor.close(60)


def test_a_commit_that_fails_is_told_to_all_and_leaves_nothing(path: Path) -> None:
    queue = Queue(path, ADAPTER.name)
    acceptor = Acceptor(queue, ADAPTER, ActiveRules(track, "v1"))
    queue._connection.execute("PRAGMA max_page_count = 1")  # the smallest disk that there is
    acceptor.start()
    answers = Answers()
    acceptor.submit(arrivals(*range(500)), 10, answers)
    (problem,) = answers.wait_for(1)
    assert isinstance(problem, QueueProblem) and "make room" in str(problem)
    assert status(path, 0.0).events == 0
    queue._connection.execute("PRAGMA max_page_count = 1000000")
    acceptor.submit(arrivals(*range(500)), 10, answers)
    assert answers.wait_for(2)[1] is None
    acceptor.close(60)
    counts = status(path, 0.0)
    assert (counts.pending, counts.balanced, acceptor.counts.accepted) == (500, True, 500)


def test_what_was_submitted_before_a_close_is_committed(path: Path, gate: Gate) -> None:
    acceptor, answers = started(path, gate), Answers()
    acceptor.submit(arrivals(1), 10, answers)
    acceptor.submit(arrivals(2), 10, answers)
    assert not acceptor.close(0)
    with pytest.raises(NotAccepted, match="shutting down"):
        acceptor.submit(arrivals(3), 10, answers)
    gate.opened.set()
    assert acceptor.close(60)
    assert answers.problems == [None, None]
    assert status(path, 0.0).events == 2


def test_repeats_are_known_after_a_restart_and_within_one_group(path: Path) -> None:
    for expected in (2, 0):
        acceptor, answers = started(path), Answers()
        acceptor.submit(arrivals(1, 2, 1), 10, answers)
        answers.wait_for(1)
        acceptor.close(60)
        assert acceptor.counts.accepted == expected
    assert status(path, 0.0).events == 2


def test_the_same_id_of_another_source_is_another_event(path: Path) -> None:
    acceptor, answers = started(path), Answers()
    acceptor.submit([Arrival(event(1), "m", "web"), Arrival(event(2), "m", "app")], 10, answers)
    answers.wait_for(1)
    acceptor.close(60)
    assert acceptor.counts.accepted == 2


def test_an_event_that_a_mapper_fails_on_stops_no_other(path: Path) -> None:
    def fails(given: dict[str, object]) -> Outcome:
        if given == event(2):
            raise MemoryError
        return track(given)

    acceptor, answers = started(path, fails), Answers()
    acceptor.submit(arrivals(1, 2, 3), 10, answers)
    assert answers.wait_for(1) == [None]
    acceptor.close(60)
    counts = status(path, 0.0)
    assert (counts.events, counts.pending, counts.dead_codes) == (3, 2, {"out_of_memory": 1})


def test_new_rules_map_from_the_next_group_on(path: Path) -> None:
    acceptor, answers = started(path), Answers()
    acceptor.submit(arrivals(1), 10, answers)
    answers.wait_for(1)
    acceptor.use(ActiveRules(lambda event: Outcome([], [], []), "v2"))
    assert acceptor.rules.version == "v2"
    acceptor.submit(arrivals(2), 10, answers)
    answers.wait_for(2)
    acceptor.close(60)
    counts = status(path, 0.0)
    assert (counts.pending, counts.unmatched) == (1, 1)


def test_acceptance_goes_on_when_there_is_room_again(path: Path) -> None:
    free = [0]
    acceptor = started(path, disk_space=DiskSpace(path, usage=lambda folder: (100, 0, free[0])))
    answers = Answers()
    with pytest.raises(NotAccepted, match="the disk has") as caught:
        acceptor.submit(arrivals(1), 10, answers)
    assert caught.value.retry_after == 30
    free[0] = 100
    acceptor._look_at_room()
    acceptor.submit(arrivals(1), 10, answers)
    assert answers.wait_for(1) == [None]
    acceptor.close(60)


@pytest.mark.parametrize(
    ("total", "free", "quota", "reserve", "problem"),
    [
        (10**12, 256_000_000, 10**9, None, None),
        (10**12, 255_999_999, 10**9, None, "the disk has 256.0 MB left"),
        (20_000_000, 1_000_000, 10**9, None, None),
        (20_000_000, 999_999, 10**9, None, "the disk has 1.0 MB left, and 1.0 MB are kept free"),
        (20_000_000, 0, 10**9, 0, None),
        (10**12, 10**11, 10**9, 10**11 + 1, "are kept free"),
        (10**12, 10**11, 1, None, "its quota is 0.0 MB"),
    ],
)
def test_room(path: Path, total: int, free: int, quota: int, reserve: int | None, problem: str | None) -> None:
    queue = Queue(path, ADAPTER.name)
    message = DiskSpace(path, quota, reserve, usage=lambda folder: (total, total - free, free)).problem(queue)
    queue.close()
    assert (message is None) if problem is None else (message is not None and problem in message)
