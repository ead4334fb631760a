"""Receipts: what each accepted event became, by its message ID. It is accepted once, and its fate can be reported."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

import msgspec

LONGEST_ID = 200
"""Characters of a message ID that are kept; a longer one is known by its hash."""
KEPT_SECONDS = 7 * 86_400.0
"""As long as a destination may recognize what it took."""
MOST_RECEIPTS = 5_000_000
PRUNE_STEP = 2
"""Old receipts that may be deleted for each new one, so that pruning catches up and no commit is long."""

TABLE = """
CREATE TABLE IF NOT EXISTS receipts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    source TEXT NOT NULL,
    received_at REAL NOT NULL,
    rules TEXT NOT NULL,
    result TEXT NOT NULL,
    requests TEXT NOT NULL,
    first_part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    first_dead INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    repeats INTEGER NOT NULL DEFAULT 0
)
"""
INDEX = "CREATE INDEX IF NOT EXISTS receipts_of_id ON receipts (id)"


class Receipt(NamedTuple):
    """The result of one event. Its parts and dead letters are counted from the first ones of its transaction."""

    id: str
    source: str
    """The name of the write key, or of the program, that the event came with."""
    received_at: float
    rules: str
    """The version of the rules that mapped it."""
    result: str
    """`mapped`, `unmatched`, `dropped`, `opted_out` or `failed`."""
    requests: tuple[tuple[str, str], ...]
    """Mapping and action of each request."""
    first_part: int
    parts: int
    first_dead: int
    dead: int


def key_of(message_id: str) -> str:
    """The key of a message ID in the table of receipts."""
    text = message_id.encode("utf-8", "backslashreplace").decode()
    if len(text) <= LONGEST_ID:
        return text
    return f"{text[: LONGEST_ID - 33]}…{blake2b(text.encode(), digest_size=16).hexdigest()}"


def create_receipts(connection: sqlite3.Connection) -> None:
    """Create the table, if the queue has none."""
    connection.execute(TABLE)
    connection.execute(INDEX)


def write_receipts(
    connection: sqlite3.Connection,
    receipts: Sequence[Receipt],
    repeats: Iterable[tuple[str, str]],
    first: int,
    parts: int,
    now: float,
) -> None:
    """Write the receipts of a transaction, whose parts are numbered from `first` on and whose dead letters follow them.

    Events that came again are counted in their receipts, and old receipts are removed.
    """
    connection.executemany(
        "INSERT INTO receipts (id, source, received_at, rules, result, requests, first_part, parts, first_dead, dead)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                *receipt[:5],
                _requests_text(receipt.requests),
                first + receipt.first_part,
                receipt.parts,
                first + parts + receipt.first_dead,
                receipt.dead,
            )
            for receipt in receipts
        ],
    )
    connection.executemany("UPDATE receipts SET repeats = repeats + 1 WHERE id = ? AND source = ?", repeats)
    _prune(connection, len(receipts), now - KEPT_SECONDS)


def known_ids(connection: sqlite3.Connection, pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
    """The message IDs among `pairs`, each with its source, that were accepted before."""
    known: set[tuple[str, str]] = set()
    ids = [message_id for message_id, _ in pairs]
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        places = ",".join("?" * len(part))
        known.update(connection.execute(f"SELECT id, source FROM receipts WHERE id IN ({places})", part))
    return known.intersection(pairs)


def _prune(connection: sqlite3.Connection, added: int, before: float) -> None:
    """Drop the oldest receipts: those of before a moment, and those above the most that are kept."""
    row = connection.execute("SELECT min(number), max(number) FROM receipts").fetchone()
    if row[0] is None:
        return
    first, last = row
    connection.execute(
        "DELETE FROM receipts WHERE number < ? AND (received_at < ? OR number <= ?)",
        (first + PRUNE_STEP * max(added, 1), before, last - MOST_RECEIPTS),
    )


@lru_cache(maxsize=1024)
def _requests_text(requests: tuple[tuple[str, str], ...]) -> str:
    return msgspec.json.encode(requests).decode()
