"""The fate of one event, read from the queue's file: its parts, and what happened to each."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import msgspec

from .former_letters import successors
from .problems import damaged, queue_problem, typed
from .queue_status import opened_to_read
from .receipts import key_of


class PartFate(NamedTuple):
    """The fate of one part, or of an event that never became one."""

    number: int
    state: str
    """`pending`, `delivered`, `dead` or `forgotten`."""
    code: str | None = None
    reason: str | None = None
    """Why it is dead."""
    mapping: str | None = None


class Fate(NamedTuple):
    """The fate of an event that one source sent."""

    id: str
    source: str
    received_at: float
    rules: str
    result: str
    """`mapped`, `unmatched`, `dropped`, `opted_out` or `failed`."""
    repeats: int
    """How often it came again, and was left out."""
    requests: list[tuple[str, str]]
    """Mapping and action of each request."""
    parts: list[PartFate]


_RECEIPT = (str, str, float, str, str, int, str, int, int, int, int)
_MOST_PARTS = 1_000_000
"""More than an event can have: each takes bytes of one request."""


def fates(path: Path, message_id: str) -> list[Fate]:
    """The fates of an event, by its message ID; several if different sources sent the same ID.

    Empty if no event with this ID was accepted in the last seven days, or if the events of the queue come from `send`,
    which writes no receipts. Raises QueueProblem.
    """
    with closing(opened_to_read(path)) as connection:
        try:
            if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'receipts'").fetchone():
                return []
            connection.execute("BEGIN")
            rows = connection.execute(
                "SELECT id, source, received_at, rules, result, repeats, requests, first_part, parts, first_dead, dead"
                " FROM receipts WHERE id = ? ORDER BY number",
                (key_of(message_id),),
            ).fetchall()
            return [_fate(connection, *typed(path, row, *_RECEIPT)) for row in rows]
        except sqlite3.Error as problem:
            raise queue_problem(path, problem) from problem
        except (msgspec.MsgspecError, RecursionError, ValueError) as problem:
            raise damaged(path, str(problem)) from problem


def _fate(
    connection: sqlite3.Connection,
    message_id: str,
    source: str,
    received_at: float,
    rules: str,
    result: str,
    repeats: int,
    requests: str,
    first_part: int,
    parts: int,
    first_dead: int,
    dead: int,
) -> Fate:
    if parts > _MOST_PARTS or dead > _MOST_PARTS:
        raise ValueError(f"an event has {max(parts, dead):,} parts")
    numbers = (*range(first_part, first_part + parts), *range(first_dead, first_dead + dead))
    return Fate(
        message_id,
        source,
        received_at,
        rules,
        result,
        repeats,
        msgspec.json.decode(requests, type=list[tuple[str, str]]),
        [fate for number in numbers for fate in _part_fates(connection, number)],
    )


def _part_fates(connection: sqlite3.Connection, number: int) -> list[PartFate]:
    """The fate of a part; those of what it became, if it was a dead letter that was mapped again."""
    became = successors(connection, number)
    if became is None:
        return [_part_fate(connection, number)]
    if not became:
        return [PartFate(number, "forgotten")]
    return [fate for successor in became for fate in _part_fates(connection, successor)]


def _part_fate(connection: sqlite3.Connection, number: int) -> PartFate:
    dead = connection.execute("SELECT code, reason, mapping FROM dead WHERE seq = ?", (number,)).fetchone()
    if dead is not None:
        return PartFate(number, "dead", *dead)
    pending = connection.execute("SELECT 1 FROM items WHERE seq = ?", (number,)).fetchone()
    return PartFate(number, "delivered" if pending is None else "pending")
