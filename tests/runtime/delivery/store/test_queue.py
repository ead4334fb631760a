"""The queue on disk: accounts that add up, one sender, and files that are full, damaged or not queues."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rulewright.runtime.delivery.adapter import Part, Route
from rulewright.runtime.delivery.disposition import Reason
from rulewright.runtime.delivery.store.lease import Lease, QueueInUse
from rulewright.runtime.delivery.store.problems import QueueProblem
from rulewright.runtime.delivery.store.queue import Queue, partition_of, runs
from rulewright.runtime.delivery.store.queue_status import dead_letters, revive, status
from rulewright.runtime.delivery.store.transaction import InputPosition, Transaction, Unsent

ROUTE = Route("events", "POST", "https://api2.amplitude.com/2/httpapi")
WHY = Reason("why", "because")


def part(number: int) -> Part:
    return Part(ROUTE, f"u{number}", b'{"n":%d}' % number)


@pytest.fixture
def queue(tmp_path: Path) -> Iterator[Queue]:
    with closing(Queue(tmp_path / "queue.db", "amplitude")) as queue:
        yield queue


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


def test_a_full_disk_is_said_and_costs_nothing(queue: Queue) -> None:
    queue.apply(Transaction(parts=[part(1)]), 1.0)
    pages = queue._connection.execute("PRAGMA page_count").fetchone()[0]
    queue._connection.execute(f"PRAGMA max_page_count = {pages}")
    large = Part(ROUTE, "u1", b"x" * 100_000)
    with pytest.raises(QueueProblem, match=r"full.*make room and start again"):
        queue.apply(Transaction(parts=[large]), 2.0)
    queue._connection.execute("PRAGMA max_page_count = 100000")
    queue.apply(Transaction(parts=[large], delivered=[1]), 2.0)
    assert status(queue.path, 3.0)[:4] == (2, 1, 0, 1)


def test_a_damaged_file_is_said(queue: Queue) -> None:
    queue.apply(Transaction(parts=[part(number) for number in range(2_000)]), 1.0)
    queue.close()
    content = bytearray(queue.path.read_bytes())
    content[8_192:40_960] = b"\xa5" * 32_768
    queue.path.write_bytes(content)
    with pytest.raises(QueueProblem, match=r"damaged: move it away"), closing(Queue(queue.path, "amplitude")) as again:
        again.after(0, 5_000)


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"short"])
def test_a_file_that_is_not_a_database_is_not_changed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    with pytest.raises(QueueProblem):
        Queue(path, "amplitude")
    with pytest.raises(QueueProblem):
        status(path, 1.0)
    assert path.read_bytes() == content


def test_another_programs_database_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as theirs, theirs:
        theirs.execute("CREATE TABLE mine (a)")
    theirs.close()
    for use in (lambda: Queue(path, "amplitude"), lambda: status(path, 1.0), lambda: revive(path)):
        with pytest.raises(QueueProblem, match="is not a queue of Rulewright"):
            use()


def test_a_queue_is_for_one_destination_and_one_version(queue: Queue) -> None:
    queue._connection.execute("UPDATE totals SET destination = 'elsewhere'")
    with pytest.raises(QueueProblem, match="is for `elsewhere`, not for `amplitude`"):
        Queue(queue.path, "amplitude")
    queue._connection.execute("PRAGMA user_version = 99")
    with pytest.raises(QueueProblem, match="has version 99"):
        status(queue.path, 1.0)


def test_a_queue_that_is_not_there_is_not_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(QueueProblem, match="there is no queue"):
        list(dead_letters(tmp_path / "nothing.db"))
    assert not (tmp_path / "nothing.db").exists()


def test_one_queue_has_one_sender_at_a_time(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    with Lease(path), pytest.raises(QueueInUse, match="one queue has one sender"):
        Lease(path)
    Lease(path).release()


def link_to_a_link(link: Path, path: Path) -> None:
    link.with_name("b").symlink_to(path)
    link.symlink_to("b")


LINKS: dict[str, Callable[[Path, Path], None]] = {
    "a symbolic link": lambda link, path: link.symlink_to(path),
    "a link to a link": link_to_a_link,
    "a link to the folder": lambda link, path: link.parent.joinpath("f").symlink_to(path.parent),
    "a hard link": lambda link, path: link.hardlink_to(path),
}


@pytest.mark.parametrize("kind", LINKS)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_queue_has_one_sender_under_all_its_names(tmp_path: Path, kind: str, is_first: bool) -> None:
    path, link = tmp_path / "queue.db", tmp_path / "alias"
    Queue(path, "amplitude").close()
    LINKS[kind](link, path)
    if kind == "a link to the folder":
        link = tmp_path / "f" / "queue.db"
    one, other = (path, link) if is_first else (link, path)
    with Lease(one), pytest.raises(QueueInUse):
        Lease(other)
    with Lease(other), closing(Queue(other, "amplitude")) as queue:
        queue.apply(Transaction(parts=[part(1)]), 1.0)
        # what is in the log alone is there under each name
        assert status(one, 1.0).accepted == status(other, 1.0).accepted == 1


def test_a_hard_link_made_while_a_sender_works_is_the_same_queue(tmp_path: Path) -> None:
    path, link = tmp_path / "queue.db", tmp_path / "a.db"
    with Lease(path), closing(Queue(path, "amplitude")) as queue:
        queue.apply(Transaction(parts=[part(1)]), 1.0)
        link.hardlink_to(path)
        with pytest.raises(QueueInUse):
            Lease(link)
        assert status(link, 1.0).accepted == 1


def test_hard_links_whose_lock_cannot_be_shared_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    Queue(path, "amplitude").close()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "queue.db").hardlink_to(path)
    for use in (Lease, lambda path: Queue(path, "amplitude"), lambda path: status(path, 1.0)):
        with pytest.raises(QueueProblem, match=r"other names \(hard links\) in other folders.*remove them"):
            use(path)


def test_a_queue_with_a_log_under_two_names_is_refused(tmp_path: Path) -> None:
    path, link = tmp_path / "queue.db", tmp_path / "a.db"
    Queue(path, "amplitude").close()
    link.hardlink_to(path)
    for name in ("queue.db-wal", "a.db-wal"):
        (tmp_path / name).touch()
    with pytest.raises(QueueProblem, match=r"under several names \(a\.db, queue\.db\)"):
        Lease(path)


def test_all_files_of_a_queue_are_for_their_owner(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with Lease(tmp_path / "queue.db"), closing(Queue(tmp_path / "queue.db", "amplitude")) as queue:
            queue.apply(Transaction(parts=[part(1)]), 1.0)
            found = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    ends = ("", "-shm", "-wal", ".lock", ".lock-journal", ".mark")
    assert found == dict.fromkeys([f"queue.db{end}" for end in ends], "0o600")


def test_what_is_delivered_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "queue.db"
    with closing(Queue(path, "amplitude")) as queue:
        parts = [Part(ROUTE, f"u{number}", b'{"email":"person-%d@example.com"}' % number) for number in range(500)]
        large = Part(ROUTE, "u", b"person-large@example.com" * 2_000)
        unsent = [Unsent(WHY, None, b"person-dead@example.com")]
        items = queue.apply(Transaction(parts=[*parts, large], unsent=unsent), 1.0)
        queue.apply(Transaction(dead=[(items[0].seq, WHY)], delivered=[item.seq for item in items[1:]]), 2.0)
        queue.revive(None)
        queue.apply(Transaction(delivered=[items[0].seq]), 3.0)
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert content.count(b"person-") == content.count(b"person-dead") == 1


def test_another_programs_database_keeps_its_journal(tmp_path: Path) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as theirs:
        theirs.execute("CREATE TABLE mine (a)")
    before = path.read_bytes()
    with pytest.raises(QueueProblem, match="name another file"):
        Queue(path, "amplitude")
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["theirs.db"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda path: path.write_bytes(b'{"type": "track"}\n' * 500),
            "not a database; it is not a queue of Rulewright",
        ),
        (lambda path: path.write_bytes(b"\x1f\x8b" + bytes(5_000)), "it is not a queue of Rulewright: name another"),
        (lambda path: path.mkdir(), "it is a folder; name a file"),
        (lambda path: os.mkfifo(path), "it is not a regular file; name a file"),
        (lambda path: path.symlink_to(path), "loop"),
        (lambda path: path.symlink_to("/dev/full"), "it is not a regular file"),
    ],
    ids=["events", "gzip", "folder", "pipe", "loop", "device"],
)
def test_a_wrong_file_is_said_for_what_it_is(tmp_path: Path, make: Callable[[Path], object], message: str) -> None:
    path = tmp_path / "queue.db"
    make(path)
    for use in (lambda: Queue(path, "amplitude"), lambda: status(path, 1.0), lambda: revive(path)):
        with pytest.raises(QueueProblem, match=message):
            use()


@pytest.mark.parametrize("left", range(4))
def test_too_few_descriptors_are_said(tmp_path: Path, left: int) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)
    probe = os.open(os.devnull, os.O_RDONLY)
    os.close(probe)
    resource.setrlimit(resource.RLIMIT_NOFILE, (probe + left, most[1]))
    try:
        with pytest.raises(QueueProblem, match=r"may not open more files: raise the limit \(`ulimit -n`\)"):
            Queue(tmp_path / "queue.db", "amplitude")
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, most)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(QueueProblem):
        Queue(tmp_path / "nowhere" / "queue.db", "amplitude")
    with pytest.raises(QueueProblem, match="name a file in a folder that is there"):
        Lease(tmp_path / "nowhere" / "queue.db")


def test_status_tells_of_changes_from_outside(queue: Queue) -> None:
    queue.apply(Transaction(parts=[part(1), part(2)]), 1.0)
    queue._connection.execute("DELETE FROM items WHERE seq = 1")
    assert not status(queue.path, 1.0).balanced


def test_partitions_are_the_same_in_every_process() -> None:
    assert partition_of("uuser-1") == partition_of("uuser-1") != partition_of("duser-1")
    assert -(2**63) <= partition_of("\ud800") < 2**63


@given(st.sets(st.integers(1, 60)))
def test_runs_are_the_numbers_and_nothing_between_them(numbers: set[int]) -> None:
    found = list(runs(numbers))
    assert [number for first, last in found for number in range(first, last + 1)] == sorted(numbers)
    assert all(last + 1 < first for (_, last), (first, _) in pairwise(found))


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
