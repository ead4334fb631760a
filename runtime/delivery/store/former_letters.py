"""What former dead letters became, so that the fate of their events can be reported."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Remapped(NamedTuple):
    """A dead letter that was mapped again. Its parts and dead letters are counted from the first of the transaction."""

    seq: int
    first_part: int
    parts: int
    first_dead: int
    dead: int


def replace_letters(
    connection: sqlite3.Connection, remapped: Iterable[Remapped], forgotten: Iterable[int], first: int, parts: int
) -> None:
    """Remove dead letters, and record what they became: parts, dead letters, or nothing if they are forgotten.

    The parts of the transaction are numbered from `first` on, and its dead letters follow them.
    """
    rows: list[Sequence[int]] = [(number, 0, 0, 0, 0) for number in forgotten]
    rows += [
        (letter.seq, first + letter.first_part, letter.parts, first + parts + letter.first_dead, letter.dead)
        for letter in remapped
    ]
    connection.executemany("DELETE FROM dead WHERE seq = ?", [(row[0],) for row in rows])
    connection.executemany("INSERT INTO former_letters VALUES (?, ?, ?, ?, ?)", rows)


def successors(connection: sqlite3.Connection, number: int) -> list[int] | None:
    """The numbers of what a dead letter became; empty if it was forgotten, None if it was never replaced."""
    row = connection.execute(
        "SELECT first_part, parts, first_dead, dead FROM former_letters WHERE seq = ?", (number,)
    ).fetchone()
    if row is None:
        return None
    first_part, parts, first_dead, dead = row
    return [*range(first_part, first_part + parts), *range(first_dead, first_dead + dead)]
