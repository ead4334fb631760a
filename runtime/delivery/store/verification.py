"""Verifies a queue when it is opened for sending: pages, log, routes and totals."""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

import msgspec

from ..adapter import Route
from .problems import NEW_QUEUE, QueueProblem, damaged
from .transaction_mark import read_mark

log = logging.getLogger("rulewright.delivery")


def verify(path: Path, connection: sqlite3.Connection, *, recover: bool) -> None:
    """Raise QueueProblem, which says what to do, if the queue is not what was committed to it.

    With `recover`, only its pages must be undamaged; missing transactions are logged and given up.
    """
    (report,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if report != "ok":
        raise damaged(path, report)
    # One view of the file for all of them, from after the mark was read: another process may be writing to it.
    marked = read_mark(path, _name(connection))
    connection.execute("BEGIN")
    try:
        looks = (_lost(path, lost_commits(connection, marked)), _routes(connection), _accounts(connection))
        problems = [problem for problem in looks if problem is not None]
    finally:
        connection.execute("ROLLBACK")
    if not problems:
        return
    sentence = f"queue `{path}`: {'; '.join(problems)}"
    if not recover:
        raise QueueProblem(
            f"{sentence}. Recover to continue with what is left (`rulewright send --recover`), or {NEW_QUEUE}"
        )
    log.warning("%s. Going on with what is there", sentence)
    connection.execute(
        "UPDATE totals SET dead = (SELECT count(*) FROM dead),"
        " accepted = delivered + forgotten + (SELECT count(*) FROM dead) + (SELECT count(*) FROM items),"
        " next_seq = max(next_seq, 1 + coalesce((SELECT max(seq) FROM items), 0),"
        " 1 + coalesce((SELECT max(seq) FROM dead), 0)), commits = max(commits, ?)",
        (read_mark(path, _name(connection)),),
    )


def lost_commits(connection: sqlite3.Connection, marked: int) -> int:
    """The number of transactions that are missing: the mark, read before, counts `marked`."""
    (commits,) = connection.execute("SELECT commits FROM totals").fetchone()
    return max(0, marked - int(commits))


def _lost(path: Path, lost: int) -> str | None:
    if not lost:
        return None
    loss = "its last transaction is" if lost == 1 else f"its last {lost:,} transactions are"
    return (
        f"{loss} missing: the database's log (`{path.name}-wal`) was damaged or removed, or the file is an older"
        " copy; what was accepted in them is to be read again, and what was delivered in them is sent again"
    )


def _routes(connection: sqlite3.Connection) -> str | None:
    known: set[int] = set()
    for number, text in connection.execute("SELECT id, CAST(text AS BLOB) FROM routes"):
        try:
            msgspec.json.decode(text, type=Route)
        except (msgspec.MsgspecError, ValueError):
            return f"the address of route {number} is damaged, and what is for it cannot be sent"
        known.add(number)
    used = {number for (number,) in connection.execute("SELECT DISTINCT route FROM items")}
    missing = len(used - known)
    return f"{missing} of {len(used)} routes are missing, and what is for them cannot be sent" if missing else None


def _accounts(connection: sqlite3.Connection) -> str | None:
    accepted, delivered, dead, forgotten, letters, pending = connection.execute(
        "SELECT accepted, delivered, dead, forgotten, (SELECT count(*) FROM dead), (SELECT count(*) FROM items)"
        " FROM totals"
    ).fetchone()
    if accepted == delivered + dead + pending + forgotten and dead == letters:
        return None
    return (
        f"the accounts do not agree with what is in the file, which something else has changed: {accepted:,} accepted,"
        f" {delivered:,} delivered, {letters:,} dead letters where {dead:,} were counted, {pending:,} pending,"
        f" {forgotten:,} forgotten"
    )


def _name(connection: sqlite3.Connection) -> str:
    return str(connection.execute("SELECT queue FROM totals").fetchone()[0])
