"""The content of a queue, read from outside: totals that are counted again row by row, and dead letters."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import msgspec

from ..adapter import Route
from ..disposition import Reason
from .lease import Lease
from .problems import QueueProblem, damaged, queue_problem, typed
from .queue import Queue
from .queue_file import queue_file
from .schema import APPLICATION_ID, check_version, opened
from .transaction import Transaction
from .transaction_mark import read_mark
from .verification import lost_commits

BURIED = Reason("buried", "made a dead letter by hand")


class QueueStatus(NamedTuple):
    """The counts of a queue at one moment; `accepted` to `pending` count parts: events and form calls."""

    accepted: int
    delivered: int
    dead: int
    pending: int
    events: int
    """Input events that were read; each makes no part, one or several."""
    unmatched: int
    dropped: int
    opted_out: int
    oldest_seconds: float | None
    """The age of the oldest pending part in seconds; None if nothing is pending."""
    dead_codes: dict[str, int]
    inputs: dict[str, int]
    """The number of lines read, by input."""
    repairs: dict[str, int]
    """The number of repairs, by code."""
    destination: str = ""
    """The name of the queue's destination."""
    lost: int = 0
    """Transactions that are missing because the queue's log was damaged or removed."""
    forgotten: int = 0
    """Dead letters that were removed by hand."""

    @property
    def balanced(self) -> bool:
        """Whether the totals agree with the rows of the queue."""
        return self.accepted == self.delivered + self.dead + self.pending + self.forgotten

    def is_older_than(self, seconds: float | None) -> bool:
        """Whether the oldest pending part has waited longer than this; False for None."""
        return seconds is not None and self.oldest_seconds is not None and self.oldest_seconds > seconds


class DeadLetter(NamedTuple):
    """One dead letter: a part that was refused, or an event that never became a request."""

    seq: int
    code: str
    reason: str
    mapping: str | None
    """The mapping that failed on the event; None for a part, and for an event that failed before any mapping."""
    route: Route | None
    """Where the part was to be sent; None for an event that never became a request."""
    died_at: float
    """In seconds since 1970."""
    body: bytes
    """The part as it was sent, or the event as it came."""


def status(path: Path, now: float) -> QueueStatus:
    """Count a queue, also while a sender works on it. `now` is in seconds since 1970. Raises QueueProblem."""
    with closing(opened_to_read(path)) as connection:
        try:
            queue, destination = connection.execute("SELECT queue, destination FROM totals").fetchone()
            marked = read_mark(queue_file(path), queue)
            connection.execute("BEGIN")
            lost = lost_commits(connection, marked)
            accepted, delivered, events, unmatched, dropped, opted_out, forgotten = connection.execute(
                "SELECT accepted, delivered, events, unmatched, dropped, opted_out, forgotten FROM totals"
            ).fetchone()
            pending = connection.execute("SELECT count(*) FROM items").fetchone()[0]
            oldest = connection.execute("SELECT accepted_at FROM items ORDER BY seq LIMIT 1").fetchone()
            codes = dict(connection.execute("SELECT code, count(*) FROM dead GROUP BY code ORDER BY code").fetchall())
            inputs = dict(connection.execute("SELECT name, lines FROM inputs ORDER BY name").fetchall())
            repairs = dict(connection.execute("SELECT code, count FROM repairs ORDER BY code").fetchall())
            for code in codes:
                typed(path, (code,), str)
            for row in [*inputs.items(), *repairs.items()]:
                typed(path, row, str, int)
            age = None if oldest is None else max(0.0, now - oldest[0])
        except sqlite3.Error as problem:
            raise queue_problem(path, problem) from problem
        except (TypeError, ValueError) as problem:
            raise damaged(path, str(problem)) from problem
    dead = sum(codes.values())
    return QueueStatus(
        accepted,
        delivered,
        dead,
        pending,
        events,
        unmatched,
        dropped,
        opted_out,
        age,
        codes,
        inputs,
        repairs,
        destination,
        lost,
        forgotten,
    )


_LETTER = (int, str, str, str | None, str | None, float, bytes)
_PENDING = (int, str | None, float, bytes)
_LAST_SECOND = 253_402_300_800
"""Of the year 9999, as Unix time."""


def dead_letters(path: Path, code: str | None = None) -> Iterator[DeadLetter]:
    """All dead letters in order of acceptance, or those of one code. Raises QueueProblem while it is iterated."""
    with closing(opened_to_read(path)) as connection:
        try:
            rows = connection.execute(
                "SELECT seq, code, reason, mapping, text, died_at, CAST(body AS BLOB) FROM dead"
                " LEFT JOIN routes ON routes.id = dead.route WHERE ? IS NULL OR code = ? ORDER BY seq",
                (code, code),
            )
            for row in rows:
                seq, letter, reason, mapping, text, died_at, body = typed(path, row, *_LETTER)
                if not 0 <= died_at < _LAST_SECOND:
                    raise damaged(path, f"a dead letter has the time {died_at}")
                yield DeadLetter(seq, letter, reason, mapping, None if text is None else _route(text), died_at, body)
        except sqlite3.Error as problem:
            raise queue_problem(path, problem) from problem
        except UnicodeDecodeError as problem:
            raise damaged(path, str(problem)) from problem


class Pending(NamedTuple):
    """One pending part."""

    seq: int
    route: Route
    accepted_at: float
    body: bytes


class NotPending(Exception):
    """There is no pending part of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"no pending part has the number {number}")


class NotDead(Exception):
    """There is no dead letter of this number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"no dead letter has the number {number}")


def pending(path: Path, count: int) -> list[Pending]:
    """The oldest pending parts, at most `count`, in order of acceptance. Raises QueueProblem."""
    with closing(opened_to_read(path)) as connection:
        try:
            rows = connection.execute(
                "SELECT seq, text, accepted_at, CAST(body AS BLOB) FROM items"
                " LEFT JOIN routes ON routes.id = items.route ORDER BY seq LIMIT ?",
                (count,),
            )
            return [
                Pending(seq, _route(text or ""), accepted_at, body)
                for seq, text, accepted_at, body in (typed(path, row, *_PENDING) for row in rows)
            ]
        except sqlite3.Error as problem:
            raise queue_problem(path, problem) from problem
        except UnicodeDecodeError as problem:
            raise damaged(path, str(problem)) from problem


def bury(path: Path, numbers: Collection[int], now: float) -> int:
    """Make dead letters of pending parts, all of them or none, and return how many. `now` is wall time.

    For a part that is always refused while nothing else is sent, so that no answer proves what is refused.
    Raises NotPending, QueueInUse while a sender works, QueueProblem.
    """
    opened_to_read(path).close()
    with Lease(path), closing(Queue(path, None)) as queue:
        for number in numbers:
            if number not in (item.seq for item in queue.after(number - 1, 1)[0]):
                raise NotPending(number)
        queue.apply(Transaction(dead=[(number, BURIED) for number in dict.fromkeys(numbers)]), now)
    return len(set(numbers))


def forget(path: Path, now: float, code: str | None = None, numbers: Collection[int] | None = None) -> Counter[str]:
    """Remove dead letters with these numbers, with this code, or all, and return how many, by code.

    Their content is overwritten; the totals count them as forgotten. Raises NotDead for a number that is not a dead
    letter, and then removes none; QueueInUse while a sender works; QueueProblem.
    """
    opened_to_read(path).close()
    with Lease(path), closing(Queue(path, None)) as queue:
        codes = {letter.seq: letter.code for letter in dead_letters(path, code)}
        for number in numbers or ():
            if number not in codes:
                raise NotDead(number)
        forgotten = list(codes if numbers is None else dict.fromkeys(numbers))
        if forgotten:
            queue.apply(Transaction(forgotten=forgotten), now)
    return Counter(codes[number] for number in forgotten)


def revive(path: Path, code: str | None = None) -> int:
    """Make refused parts pending again, with the same bytes, and return how many.

    Events that never became a request are left: they need rules, not another attempt.
    Raises QueueInUse while a sender works, QueueProblem.
    """
    opened_to_read(path).close()
    with Lease(path), closing(Queue(path, None)) as queue:
        return queue.revive(code)


def _route(text: str) -> Route:
    try:
        return msgspec.json.decode(text, type=Route)
    except msgspec.MsgspecError:
        return Route("unreadable", "", "")


def opened_to_read(path: Path) -> sqlite3.Connection:
    """A connection that only reads a queue; the caller closes it. Raises QueueProblem, also if there is no queue."""
    path = queue_file(path)
    if not path.exists():
        raise QueueProblem(f"there is no queue `{path}`")
    with opened(path) as connection:
        # A damaged queue still shows what is left.
        connection.text_factory = lambda content: content.decode("utf-8", "replace")
        connection.execute("PRAGMA query_only = ON")
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise QueueProblem(f"`{path}` is not a queue of Rulewright")
        check_version(path, connection)
    return connection
