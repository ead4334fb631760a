"""Files that are full, damaged, not queues, or readable by others, and what is left in one."""

from __future__ import annotations

import os
import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rulewright.runtime.delivery.adapter import Part
from rulewright.runtime.delivery.store.lease import Lease
from rulewright.runtime.delivery.store.problems import QueueProblem
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.queue_status import dead_letters, revive, status
from rulewright.runtime.delivery.store.transaction import Transaction, Unsent

from .parts import ROUTE, WHY, part


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


def test_all_files_of_a_queue_are_for_their_owner(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with Lease(tmp_path / "queue.db"), closing(Queue(tmp_path / "queue.db", "amplitude")) as queue:
            queue.apply(Transaction(parts=[part(1)]), 1.0)
            modes = {path.name: oct(path.stat().st_mode & 0o777) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    ends = ("", "-shm", "-wal", ".lock", ".lock-journal", ".mark")
    assert modes == dict.fromkeys([f"queue.db{end}" for end in ends], "0o600")


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
