"""The queue on disk: changes that are all or nothing, and accounts that add up."""

from __future__ import annotations

from contextlib import closing
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.delivery.adapter import Part, Route
from rulewright.runtime.delivery.disposition import Reason
from rulewright.runtime.delivery.store.items import ROWS_AT_ONCE, partition_of, runs
from rulewright.runtime.delivery.store.problems import QueueProblem
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.delivery.store.transaction import InputPosition, Transaction, Unsent

from .parts import ROUTE, WHY, part


def test_a_change_is_all_or_nothing_and_survives(queue: Queue) -> None:
    position = InputPosition("events.jsonl", 99, 5, b"mark")
    unsent = Unsent(WHY, "Track", b"{}")
    items = queue.apply(Transaction(parts=[part(1), part(2)], unsent=[unsent], position=position, events=3), 10.0)
    assert [item.seq for item in items] == [1, 2]
    queue.apply(Transaction(delivered=[1], dead=[(2, WHY)]), 11.0)
    queue.close()
    with closing(Queue(queue.path, "amplitude")) as again:
        assert again.totals[:6] == (3, 1, 2, 3, 0, 0)
        assert again.totals.pending == 0
        assert again.position("events.jsonl") == position
        assert again.next_seq == 4
        assert again.name == queue.name
        assert again.oldest() is None
    counts = status(queue.path, 11.0)
    assert counts.balanced
    assert counts.dead_codes == {"why": 2}


def test_a_change_that_fails_leaves_no_trace(queue: Queue) -> None:
    queue.apply(Transaction(parts=[part(1)]), 1.0)
    bad = Part(Route("batch", "POST", "https://api2.amplitude.com/batch"), "u1", None)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        queue.apply(Transaction(parts=[bad]), 2.0)
    queue._connection.execute("CREATE TRIGGER stop BEFORE DELETE ON items BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(QueueProblem):
        queue.apply(Transaction(parts=[msgspec.structs.replace(bad, body=b"{}")], delivered=[1]), 2.0)
    assert status(queue.path, 3.0)[:4] == (1, 0, 0, 1)
    queue._connection.execute("DROP TRIGGER stop")
    (item,) = queue.apply(Transaction(parts=[msgspec.structs.replace(bad, body=b"{}")], delivered=[1]), 2.0)
    assert queue.route(item.route).kind == "batch"
    assert status(queue.path, 3.0)[:4] == (2, 1, 0, 1)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 3), st.integers(0, 3)), max_size=8))
def test_accepted_is_delivered_and_dead_and_pending_after_every_change(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[int, int, int]]
) -> None:
    queue = Queue(tmp_path_factory.mktemp("queue") / "queue.db", "amplitude")
    pending: list[int] = []
    for accepted, delivered, dead in steps:
        gone, pending = pending[:delivered], pending[delivered:]
        lost, pending = pending[:dead], pending[dead:]
        change = Transaction(
            parts=[part(number) for number in range(accepted)],
            unsent=[Unsent(WHY, None, b"x")] * dead,
            delivered=gone,
            dead=[(seq, WHY) for seq in lost],
        )
        pending += [item.seq for item in queue.apply(change, 1.0)]
        counts = status(queue.path, 1.0)
        assert counts.balanced
        assert counts[:4] == (*queue.totals[:3], len(pending))
    queue.close()


def test_items_are_loaded_in_order_from_anywhere(queue: Queue) -> None:
    queue.apply(Transaction(parts=[part(number % 2) for number in range(10)]), 1.0)
    assert [item.seq for item in queue.after(3, 4)[0]] == [4, 5, 6, 7]
    assert [item.seq for item in queue.of_partition(partition_of("u1"), 3, 8, 2)[0]] == [4, 6]
    assert queue.after(99, 4) == ([], [])


@pytest.mark.parametrize("count", [1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE - 1])
def test_parts_are_loaded_as_they_were_accepted(queue: Queue, count: int) -> None:
    accepted = queue.apply(Transaction(parts=[part(number) for number in range(count)]), 1.0)
    assert len(accepted) == count
    assert queue.after(0, 2 * count) == (accepted, [])


def test_status_tells_of_changes_from_outside(queue: Queue) -> None:
    queue.apply(Transaction(parts=[part(1), part(2)]), 1.0)
    queue._connection.execute("DELETE FROM items WHERE seq = 1")
    assert not status(queue.path, 1.0).balanced


def test_partitions_are_the_same_in_every_process() -> None:
    assert partition_of("uuser-1") == partition_of("uuser-1") != partition_of("duser-1")
    assert -(2**63) <= partition_of("\ud800") < 2**63


@given(st.sets(st.integers(1, 60)))
def test_runs_are_the_numbers_and_nothing_between_them(numbers: set[int]) -> None:
    ranges = list(runs(numbers))
    assert [number for first, last in ranges for number in range(first, last + 1)] == sorted(numbers)
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(ranges))


def test_only_what_is_settled_goes(tmp_path: Path) -> None:
    with closing(Queue(tmp_path / "q.db", "amplitude")) as queue:
        queue.apply(Transaction(parts=[part(number) for number in range(1, 11)]), 1.0)
        queue.apply(Transaction(delivered=[9, 2, 3, 4, 7], dead=[(5, Reason("a", "b"))]), 2.0)
        assert [item.seq for item in queue.after(0, 100)[0]] == [1, 6, 8, 10]
        assert queue.totals.pending == 4


def test_what_comes_takes_the_place_of_what_is_settled(tmp_path: Path) -> None:
    """A page is written once for both: the file does not grow while as much is settled as comes."""
    parts = [Part(ROUTE, f"u{number}", b"x" * 1_000) for number in range(500)]
    with closing(Queue(tmp_path / "q.db", "amplitude")) as queue:
        queue.apply(Transaction(parts=parts), 1.0)
        size = queue.used_bytes()
        for number in range(1, 5_001, 500):
            queue.apply(Transaction(parts=parts, delivered=list(range(number, number + 500))), 2.0)
        grown = queue._connection.execute("PRAGMA page_count").fetchone()[0] * 8_192
        assert grown < 1.3 * size
