"""The queue on disk: accepted parts until they are delivered or dead, with totals that always add up."""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import msgspec

from ..adapter import Route
from ..schedule.partitions import QueuedPart
from .former_letters import replace_letters
from .items import delete_items, insert_items, partition_of
from .problems import damaged, queue_problem
from .queue_file import queue_file
from .receipts import create_receipts, known_ids, write_receipts
from .schema import connect
from .transaction import InputPosition, Totals, Transaction
from .transaction_mark import TransactionMark
from .verification import verify

Result = TypeVar("Result")


class Queue:
    """A writer of a queue file. Every error of SQLite comes out as QueueProblem.

    Others may write to the same file at the same time: each transaction begins with the accounts as they are then.
    """

    def __init__(self, path: Path, destination: str | None, *, recover: bool = False, check: bool = True) -> None:
        """Raises QueueProblem for a queue that is damaged, unless `recover` goes on with what is left of it.

        Without a destination, there must be a queue. With `check` off, nothing is verified: another writer of this
        process has just done it.
        """
        self.path = queue_file(path)
        self._connection = connect(self.path, destination)
        self._mark: TransactionMark | None = None
        self._routes: dict[Route, int] = {}
        self._route_by_id: dict[int, Route] = {}
        try:
            self._run(lambda: self._open(recover, check))
        except (TypeError, ValueError) as problem:  # something else than a number where there should be one
            self.close()
            raise damaged(self.path, str(problem)) from problem
        except BaseException:
            self.close()
            raise

    def _open(self, recover: bool, check: bool) -> None:
        if check:
            verify(self.path, self._connection, recover=recover)
        self.name: str = self._connection.execute("SELECT queue FROM totals").fetchone()[0]
        """Random, made with the file: a prefix for insert ids that the rules did not give."""
        self.next_seq = 0
        self._commits = -1
        self._read_accounts()
        self._read_routes()
        self._mark = TransactionMark(self.path, self.name)
        self._mark.write(self._commits)

    def refresh(self) -> None:
        """Read what other writers have committed."""
        self._run(self._read_accounts)

    def _read_accounts(self) -> None:
        row = self._connection.execute(
            "SELECT next_seq, commits, accepted, delivered, dead, events, unmatched, dropped, opted_out, forgotten"
            " FROM totals"
        ).fetchone()
        if row[1] == self._commits:
            return
        self.next_seq, self._commits = row[:2]
        repairs = dict(self._connection.execute("SELECT code, count FROM repairs").fetchall())
        accepted, delivered, dead, events, unmatched, dropped, opted_out, forgotten = row[2:]
        self.totals = Totals(accepted, delivered, dead, events, unmatched, dropped, repairs, opted_out, forgotten)

    def _read_routes(self) -> None:
        for number, text in self._connection.execute("SELECT id, CAST(text AS BLOB) FROM routes").fetchall():
            with suppress(
                msgspec.MsgspecError, ValueError
            ):  # of a queue that is recovered: its parts are found to be damaged
                self._remember(number, msgspec.json.decode(text, type=Route))

    def close(self) -> None:
        """Close the file; everything that is committed stays."""
        if self._mark is not None:
            self._mark.close()
        self._connection.close()

    def route(self, number: int) -> Route:
        """The route with this number. Raises KeyError for one that this writer has not met."""
        return self._route_by_id[number]

    @property
    def routes(self) -> list[Route]:
        """All routes in the queue."""
        return list(self._route_by_id.values())

    def apply(self, change: Transaction, now: float) -> list[QueuedPart]:
        """Commit a change and return what it accepted, in order. `now` is wall time, in seconds."""
        return self._run(lambda: self._commit(lambda: self._apply(change, now)))

    def revive(self, code: str | None) -> int:
        """Make refused parts pending again, all or those with a code, with the same bytes, and return how many."""
        return self._run(lambda: self._commit(lambda: self._revive(code)))

    def after(self, cursor: int, count: int) -> tuple[list[QueuedPart], list[int]]:
        """At most `count` items behind the cursor, in order of acceptance, and the numbers of damaged ones."""
        return self._load(
            "SELECT seq, lane, route, body, checksum FROM items WHERE seq > ? ORDER BY seq LIMIT ?", (cursor, count)
        )

    def of_partition(self, partition: int, first: int, cursor: int, count: int) -> tuple[list[QueuedPart], list[int]]:
        """At most `count` items of a partition from `first` up to the cursor, and the numbers of damaged ones."""
        return self._load(
            "SELECT seq, lane, route, body, checksum FROM items WHERE lane = ? AND seq BETWEEN ? AND ?"
            " ORDER BY seq LIMIT ?",
            (partition, first, cursor, count),
        )

    def position(self, name: str) -> InputPosition | None:
        """How far the input with this name was read; None if it was not."""
        row = self._run(
            lambda: self._connection.execute(
                "SELECT name, offset, lines, fingerprint FROM inputs WHERE name = ?", (name,)
            ).fetchone()
        )
        return None if row is None else InputPosition(*row)

    def used_bytes(self) -> int:
        """The bytes that the file uses, without its free pages."""
        names = ("page_count", "freelist_count", "page_size")
        pages, free, size = self._run(
            lambda: [int(self._connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in names]
        )
        return (pages - free) * size

    def keep_receipts(self) -> None:
        """Prepare the queue for transactions with receipts."""
        self._run(lambda: create_receipts(self._connection))

    def known_ids(self, pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """The message IDs among `pairs`, each with its source, whose events were accepted before."""
        return self._run(lambda: known_ids(self._connection, pairs))

    def positions(self, prefix: str) -> dict[str, InputPosition]:
        """How far the inputs whose names begin with the prefix were read."""
        query = "SELECT name, offset, lines, fingerprint FROM inputs"
        rows = self._run(lambda: self._connection.execute(query).fetchall())
        return {row[0]: InputPosition(*row) for row in rows if row[0].startswith(prefix)}

    def oldest(self) -> float | None:
        """When the oldest pending item was accepted, in seconds since 1970; None if nothing is pending."""
        row = self._run(
            lambda: self._connection.execute("SELECT accepted_at FROM items ORDER BY seq LIMIT 1").fetchone()
        )
        return None if row is None else float(row[0])

    def _run(self, work: Callable[[], Result]) -> Result:
        try:
            return work()
        except (sqlite3.Error, OSError) as problem:
            raise queue_problem(self.path, problem) from problem

    def _commit(self, work: Callable[[], Result]) -> Result:
        """All that the work writes, in one transaction."""
        execute = self._connection.execute
        execute("BEGIN IMMEDIATE")
        before = self.next_seq, self.totals
        try:
            self._read_accounts()
            before = self.next_seq, self.totals
            result = work()
            execute(
                "UPDATE totals SET accepted = ?, delivered = ?, dead = ?, events = ?, unmatched = ?, dropped = ?,"
                " opted_out = ?, forgotten = ?, next_seq = ?, commits = ?",
                (*self.totals[:6], *self.totals[7:], self.next_seq, self._commits + 1),
            )
            execute("COMMIT")
        except BaseException:
            self.next_seq, self.totals = before
            if self._connection.in_transaction:
                self._connection.rollback()
            self._routes.clear()
            raise
        self._commits += 1
        if self._mark is not None:
            self._mark.write(self._commits)
        return result

    def _apply(self, change: Transaction, now: float) -> list[QueuedPart]:
        # What is settled goes first, so that what is new is written into the pages that this frees.
        self.totals = self._settle(change, now)
        seq, items = self._insert(change, now)
        self.next_seq = seq
        self._connection.executemany(
            "INSERT INTO repairs VALUES (?, ?) ON CONFLICT (code) DO UPDATE SET count = count + excluded.count",
            change.repairs.items(),
        )
        if change.position is not None:
            self._connection.execute("INSERT OR REPLACE INTO inputs VALUES (?, ?, ?, ?)", change.position)
        first = seq - len(change.parts) - len(change.unsent)
        if change.remapped or change.forgotten:
            replace_letters(self._connection, change.remapped, change.forgotten, first, len(change.parts))
        if change.receipts or change.repeats:
            write_receipts(self._connection, change.receipts, change.repeats, first, len(change.parts), now)
        return items

    def _revive(self, code: str | None) -> int:
        condition = "route IS NOT NULL AND (? IS NULL OR code = ?)"
        self._connection.create_function("crc32", 1, zlib.crc32, deterministic=True)
        revived = self._connection.execute(
            f"INSERT INTO items SELECT seq, lane, route, accepted_at, crc32(body), body FROM dead WHERE {condition}",
            (code, code),
        ).rowcount
        self._connection.execute(f"DELETE FROM dead WHERE {condition}", (code, code))
        self.totals = self.totals._replace(dead=self.totals.dead - revived)
        return revived

    def _insert(self, change: Transaction, now: float) -> tuple[int, list[QueuedPart]]:
        seq, routes = self.next_seq, self._routes
        items: list[QueuedPart] = []
        for part in change.parts:
            route = routes.get(part.route) or self._number(part.route)
            items.append(QueuedPart(seq, partition_of(part.order), route, part.body))
            seq += 1
        insert_items(self._connection, items, now)
        for unsent in change.unsent:
            self._connection.execute(
                "INSERT INTO dead VALUES (?, NULL, NULL, ?, ?, ?, ?, ?, ?)",
                (seq, now, now, *unsent.reason, unsent.mapping, unsent.event),
            )
            seq += 1
        return seq, items

    def _settle(self, change: Transaction, now: float) -> Totals:
        for number, reason in change.dead:
            self._connection.execute(
                "INSERT INTO dead SELECT seq, lane, route, accepted_at, ?, ?, ?, NULL, body FROM items WHERE seq = ?",
                (now, *reason, number),
            )
        gone = [*change.delivered, *(number for number, _ in change.dead)]
        delete_items(self._connection, gone)
        totals = self.totals
        return Totals(
            totals.accepted + len(change.parts) + len(change.unsent) - len(change.remapped),
            totals.delivered + len(change.delivered),
            totals.dead + len(change.dead) + len(change.unsent) - len(change.remapped) - len(change.forgotten),
            totals.events + change.events,
            totals.unmatched + change.unmatched,
            totals.dropped + change.dropped,
            Counter(totals.repairs) + change.repairs if change.repairs else totals.repairs,
            totals.opted_out + change.opted_out,
            totals.forgotten + len(change.forgotten),
        )

    def _load(self, query: str, values: tuple[int, ...]) -> tuple[list[QueuedPart], list[int]]:
        rows = self._run(lambda: self._connection.execute(query, values).fetchall())
        if any(row[2] not in self._route_by_id for row in rows):  # of another writer, or of none
            self._run(self._read_routes)
        items: list[QueuedPart] = []
        damaged: list[int] = []
        for seq, partition, route, body, checksum in rows:
            if isinstance(body, bytes) and zlib.crc32(body) == checksum and route in self._route_by_id:
                items.append(QueuedPart(seq, partition, route, body))
            else:
                damaged.append(seq)
        return items, damaged

    def _number(self, route: Route) -> int:
        """The number of a route that is not known here yet; it is added if the queue lacks it."""
        text = msgspec.json.encode(route).decode()
        self._connection.execute("INSERT OR IGNORE INTO routes (text) VALUES (?)", (text,))
        row = self._connection.execute("SELECT id FROM routes WHERE text = ?", (text,)).fetchone()
        number = int(row[0])
        self._remember(number, route)
        return number

    def _remember(self, number: int, route: Route) -> None:
        self._routes[route] = number
        self._route_by_id[number] = route
