"""The rows of pending parts: inserted many at a time, and deleted in runs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from ..schedule.partitions import QueuedPart

ROWS_AT_ONCE = 50
"""Rows that one statement inserts: each call of SQLite releases Python's lock and waits to acquire it again."""


def insert_items(connection: sqlite3.Connection, items: Sequence[QueuedPart], now: float) -> None:
    """Insert parts that were accepted at `now`, in seconds since 1970."""
    for start in range(0, len(items), ROWS_AT_ONCE):
        some = items[start : start + ROWS_AT_ONCE]
        values: list[object] = []
        for item in some:
            # sqlite3 looks for an adapter for each `bytes`, which takes longer than copying it.
            values += item.seq, item.partition, item.route, now, crc32(item.body), bytearray(item.body)
        rows = ", ".join(["(?, ?, ?, ?, ?, ?)"] * len(some))
        # A statement that fails ends its transaction. Otherwise, SQLite would first write all its pages to a journal.
        connection.execute(f"INSERT OR ROLLBACK INTO items VALUES {rows}", values)


def delete_items(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Delete the parts with these numbers."""
    connection.executemany("DELETE FROM items WHERE seq BETWEEN ? AND ?", runs(numbers))


def runs(numbers: Iterable[int]) -> Iterable[tuple[int, int]]:
    """The first and the last number of each run without a gap; what is settled together is mostly one run."""
    ordered = sorted(numbers)
    firsts = (number for before, number in zip([None, *ordered], ordered, strict=False) if before != number - 1)
    lasts = (number for number, after in zip(ordered, [*ordered[1:], None], strict=False) if after != number + 1)
    return zip(firsts, lasts, strict=True)


@lru_cache(maxsize=16_384)  # users repeat, and a hash costs ten times as much as a lookup
def partition_of(order: str) -> int:
    """A partition's number, the same in every process; an attacker cannot choose a key with the number of another."""
    return int.from_bytes(blake2b(order.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)
