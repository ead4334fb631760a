"""Damage of a queue is found when it is opened for sending, and said; nothing is rolled back without a word."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from rulewright.runtime.delivery.store.problems import QueueProblem
from rulewright.runtime.delivery.store.queue import Queue
from rulewright.runtime.delivery.store.queue_status import dead_letters, pending, revive, status
from rulewright.runtime.delivery.store.transaction import Transaction
from rulewright.runtime.delivery.store.transaction_mark import mark_file
from tests.runtime.delivery.simulation import Simulation, event

from .filled_queues import PAGE, crashed, filled


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "queue.db"


def open_(path: Path, *, recover: bool = False) -> Queue:
    queue = Queue(path, "amplitude", recover=recover)
    queue.close()
    return queue


def test_a_queue_that_is_whole_opens(path: Path) -> None:
    assert open_(filled(path)).totals[:6] == (1_000, 2, 1, 0, 0, 0)
    assert status(path, 1.0).lost == 0


def test_a_queue_of_a_killed_sender_opens(path: Path) -> None:
    assert open_(crashed(path)).totals.accepted == 1_000


@pytest.mark.parametrize("table", ["dead", "items"])
@pytest.mark.parametrize(("column", "value"), [("body", None), ("time", None), ("time", "x"), ("time", 1e300)])
def test_rows_of_wrong_types_are_found_by_all_who_read(path: Path, table: str, column: str, value: object) -> None:
    changed = {"dead": "died_at", "items": "accepted_at"}[table] if column == "time" else column
    with closing(sqlite3.connect(filled(path))) as connection, connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        connection.execute(f"ALTER TABLE {table} RENAME TO before")
        connection.execute(f"CREATE TABLE {table} ({', '.join(columns)})")
        connection.execute(f"INSERT INTO {table} SELECT * FROM before")
        connection.execute(f"UPDATE {table} SET {changed} = ?", (value,))
        connection.execute("DROP TABLE before")
    if (table, value) == ("items", 1e300):
        return  # a part may be as new as the clock said
    with pytest.raises(QueueProblem, match="damaged"):
        (list(dead_letters(path)) if table == "dead" else pending(path, 10))


@pytest.mark.parametrize("written", ["accepted", "died_at", "events"])
def test_names_of_the_schema_that_are_not_text_end_no_reader(path: Path, written: str) -> None:
    content = filled(path).read_bytes()
    for end in ("-wal", "-shm"):
        Path(f"{path}{end}").unlink(missing_ok=True)
    path.write_bytes(content.replace(written.encode(), b"\xfc" + written[1:].encode()))
    for look in (
        lambda: status(path, 1.0),
        lambda: [*dead_letters(path)],
        lambda: pending(path, 1),
        lambda: open_(path),
    ):
        with suppress(QueueProblem):
            look()


def swapped(path: Path, page: int, other_page: int) -> None:
    content = bytearray(path.read_bytes())
    first, second = slice(page * PAGE, (page + 1) * PAGE), slice(other_page * PAGE, (other_page + 1) * PAGE)
    content[first], content[second] = content[second], content[first]
    path.write_bytes(content)


@pytest.mark.parametrize("column", ["queue", "destination", "accepted", "delivered", "dead", "next_seq", "commits"])
@pytest.mark.parametrize("value", [None, b"\xff", "x", 1.5])
def test_totals_of_wrong_types_are_found_by_all_who_read(path: Path, column: str, value: object) -> None:
    with closing(sqlite3.connect(filled(path))) as connection, connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(totals)")]
        # Without the constraints, as a damaged page is.
        connection.execute("ALTER TABLE totals RENAME TO before")
        connection.execute(f"CREATE TABLE totals ({', '.join(columns)})")
        connection.execute("INSERT INTO totals SELECT * FROM before")
        connection.execute(f"UPDATE totals SET {column} = ?", (value,))
        connection.execute("DROP TABLE before")
    if isinstance(value, str) and column in ("queue", "destination"):
        assert status(path, 1.0).accepted == 1_000
        return
    for look in (
        lambda: status(path, 1.0),
        lambda: [*dead_letters(path)],
        lambda: revive(path, None),
        lambda: open_(path),
    ):
        with pytest.raises(QueueProblem, match="damaged"):
            look()


@pytest.mark.parametrize("seed", range(12))
def test_swapped_pages_are_found(path: Path, seed: int) -> None:
    filled(path, commits=40)
    content = path.read_bytes()
    pages = [number for number in range(1, len(content) // PAGE) if content.find(b"\n", number * PAGE) >= 0]
    page, other_page = random.Random(seed).sample(pages, 2)
    swapped(path, page, other_page)
    assert path.read_bytes() != content
    with pytest.raises(QueueProblem, match=r"damaged.*move it away"):
        open_(path)
    with pytest.raises(QueueProblem, match="damaged"):
        open_(path, recover=True)


@pytest.mark.parametrize("at", [0, 12, 40, 5_000, PAGE * 10, PAGE * 15, -PAGE * 3, -20])
def test_a_damaged_log_is_found(path: Path, at: int) -> None:
    crashed(path)
    log = path.with_name(f"{path.name}-wal")
    content = bytearray(log.read_bytes())
    content[at] ^= 0xFF
    log.write_bytes(content)
    with pytest.raises(QueueProblem, match=r"last (\d+ )?transactions? (is|are) missing: .*--recover"):
        open_(path)
    with pytest.raises(QueueProblem, match="missing"):  # it is not forgotten when it has been said
        open_(path)
    with pytest.raises(QueueProblem, match="missing"):
        revive(path)
    assert status(path, 1.0).lost > 0


@pytest.mark.parametrize("keep", [0, 20, PAGE * 5])
def test_a_log_that_is_cut_or_gone_is_found(path: Path, keep: int) -> None:
    crashed(path)
    log = path.with_name(f"{path.name}-wal")
    log.write_bytes(log.read_bytes()[:keep])
    with pytest.raises(QueueProblem, match="missing"):
        open_(path)
    log.unlink(missing_ok=True)
    with pytest.raises(QueueProblem, match="missing"):
        open_(path)


def test_an_older_copy_is_found(path: Path) -> None:
    filled(path)
    before = path.read_bytes()
    with closing(Queue(path, "amplitude")) as queue:
        queue.apply(Transaction(delivered=[4]), 1.0)
    path.write_bytes(before)
    with pytest.raises(QueueProblem, match=r"its last transaction is missing: .* or the file is an older copy"):
        open_(path)


def test_recovering_goes_on_with_what_is_there_and_says_what_is_not(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    crashed(path)
    path.with_name(f"{path.name}-wal").unlink()
    recovered = open_(path, recover=True)
    assert "its last 10 transactions are missing" in caplog.text
    assert recovered.totals.accepted == 0
    assert open_(path).totals.accepted == 0
    assert status(path, 1.0).lost == 0


@pytest.mark.parametrize("content", [None, b"", b"\0" * 40, b"another-queue 00000000000000099999\n", b"half"])
def test_a_mark_that_says_nothing_of_this_queue_stops_nothing(path: Path, content: bytes | None) -> None:
    """As after a power cut, or where a queue was moved away and a new one has its name."""
    filled(path)
    mark = mark_file(path)
    if content is None:
        mark.unlink()
    else:
        mark.write_bytes(content)
    assert open_(path).totals.accepted == 1_000
    assert mark.read_bytes().endswith(b"00000000000000000011\n")


def test_a_mark_behind_the_queue_stops_nothing(path: Path) -> None:
    """As when the process was killed between a commit and its mark."""
    filled(path)
    mark_file(path).write_bytes(mark_file(path).read_bytes().replace(b"11\n", b"10\n"))
    assert open_(path).totals.accepted == 1_000


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


@pytest.mark.parametrize(
    ("statement", "message", "accepted"),
    [
        ("DELETE FROM items WHERE seq = 9", "999 accepted|do not agree", 999),
        ("DELETE FROM dead", "0 dead letters where 1 were counted", 999),
        ("INSERT INTO items SELECT 5000, lane, route, 1.0, checksum, body FROM items LIMIT 1", "do not agree", 1_001),
        ("UPDATE totals SET accepted = 7", "7 accepted", 1_000),
        ("UPDATE routes SET text = '{\"kind\":'", "the address of route 1 is damaged", 1_000),
        ("UPDATE routes SET text = CAST(x'ff' AS TEXT)", "the address of route 1 is damaged", 1_000),
        ("DELETE FROM routes", "1 of 1 routes are missing", 1_000),
    ],
)
def test_what_something_else_changed_is_found(path: Path, statement: str, message: str, accepted: int) -> None:
    filled(path)
    change(path, statement)
    with pytest.raises(QueueProblem, match=message):
        open_(path)
    assert open_(path, recover=True).totals.accepted == accepted
    assert status(path, 1.0).balanced


def test_parts_of_a_damaged_route_are_dead_letters_when_the_queue_is_recovered(tmp_path: Path) -> None:
    simulation = Simulation(tmp_path, faults=["400-key"])
    simulation.run([event(number) for number in range(10)])
    change(simulation.path, "UPDATE routes SET text = ''")
    with pytest.raises(QueueProblem, match="damaged"):
        simulation.run()
    with closing(Queue(simulation.path, "amplitude", recover=True)):
        pass
    with pytest.raises(QueueProblem, match="damaged"):
        simulation.run()
    simulation.recover = True
    assert simulation.run().totals[:3] == (10, 0, 10)
    assert {letter.code for letter in dead_letters(simulation.path)} == {"damaged"}


@pytest.mark.parametrize(
    "statements",
    [
        ("DELETE FROM totals",),
        ("DROP TABLE items",),
        ("DROP TABLE totals",),
        ("UPDATE totals SET next_seq = 'many'",),
        ("UPDATE totals SET commits = 'many'",),
    ],
)
@pytest.mark.parametrize(
    "use",
    [open_, revive, lambda path: status(path, 1.0), lambda path: list(dead_letters(path))],
    ids=["open", "revive", "status", "dead letters"],
)
def test_a_queue_without_its_tables_is_a_problem_and_not_an_error(
    path: Path, statements: tuple[str, ...], use: Callable[[Path], object]
) -> None:
    filled(path)
    change(path, *statements)
    try:
        use(path)
    except QueueProblem as problem:
        assert str(path) in str(problem)
