"""The queue's tables, and how a queue file is opened and recognized."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ...private_files import open_private
from .problems import QueueProblem, damaged, queue_problem

APPLICATION_ID = 0x52577131
"""Marks a file as a queue of Rulewright ("RWq1")."""
VERSION = 5

TABLES = """
CREATE TABLE totals (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    queue TEXT NOT NULL,
    destination TEXT NOT NULL,
    accepted INTEGER NOT NULL DEFAULT 0,
    delivered INTEGER NOT NULL DEFAULT 0,
    dead INTEGER NOT NULL DEFAULT 0,
    next_seq INTEGER NOT NULL DEFAULT 1,
    events INTEGER NOT NULL DEFAULT 0,
    unmatched INTEGER NOT NULL DEFAULT 0,
    dropped INTEGER NOT NULL DEFAULT 0,
    opted_out INTEGER NOT NULL DEFAULT 0,
    forgotten INTEGER NOT NULL DEFAULT 0,
    commits INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE routes (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
CREATE TABLE items (
    seq INTEGER PRIMARY KEY,
    lane INTEGER NOT NULL,
    route INTEGER NOT NULL,
    accepted_at REAL NOT NULL,
    checksum INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX items_of_lane ON items (lane);
CREATE TABLE dead (
    seq INTEGER PRIMARY KEY,
    lane INTEGER,
    route INTEGER,
    accepted_at REAL NOT NULL,
    died_at REAL NOT NULL,
    code TEXT NOT NULL,
    reason TEXT NOT NULL,
    mapping TEXT,
    body BLOB NOT NULL
);
CREATE TABLE former_letters (
    seq INTEGER PRIMARY KEY,
    first_part INTEGER NOT NULL,
    parts INTEGER NOT NULL,
    first_dead INTEGER NOT NULL,
    dead INTEGER NOT NULL
);
CREATE TABLE repairs (code TEXT PRIMARY KEY, count INTEGER NOT NULL);
CREATE TABLE inputs (
    name TEXT PRIMARY KEY,
    offset INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    fingerprint BLOB NOT NULL
);
"""


def connect(path: Path, destination: str | None = None) -> sqlite3.Connection:
    """Open a queue for writing, or create it if it does not exist and there is a destination.

    Raises QueueProblem, also for another program's file, and for a queue of another version or destination.
    """
    try:
        open_private(path)
    except OSError as problem:
        raise queue_problem(path, problem) from problem
    with opened(path) as connection:
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        is_new = not tables and destination is not None
        if not is_new and connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise QueueProblem(f"`{path}` is not a queue of Rulewright; name another file")
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit returns when the log is on the disk itself, so that power may fail right after.
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA wal_autocheckpoint = 2000")
        connection.execute("PRAGMA journal_size_limit = 67108864")
        connection.execute("PRAGMA cache_size = -32768")
        # Delivered rows are overwritten with zeros, because they hold data of people.
        connection.execute("PRAGMA secure_delete = ON")
        if is_new:
            assert destination is not None
            _create(connection, destination)
        check_version(path, connection, destination)
    return connection


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to a queue, which is closed if the block raises, and else stays open.

    Every error of the database in the block is raised as QueueProblem.
    """
    try:
        # One thread writes; another may close at the end.
        connection = sqlite3.connect(path, timeout=5.0, isolation_level=None, check_same_thread=False)
        try:
            yield connection
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as problem:
        raise queue_problem(path, problem) from problem
    except UnicodeDecodeError as problem:  # of a name in the schema
        raise damaged(path, str(problem)) from problem


def _create(connection: sqlite3.Connection, destination: str) -> None:
    connection.execute("BEGIN IMMEDIATE")
    for statement in TABLES.split(";"):
        connection.execute(statement)
    connection.execute(
        "INSERT INTO totals (only, queue, destination) VALUES (1, ?, ?)", (uuid.uuid4().hex[:12], destination)
    )
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")


def check_version(path: Path, connection: sqlite3.Connection, destination: str | None = None) -> None:
    """Raise QueueProblem for a queue of another version or another destination."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version != VERSION:
        raise QueueProblem(f"queue `{path}` has version {version}; this program reads version {VERSION}")
    row = connection.execute("SELECT * FROM totals").fetchone()
    if row is None:
        raise damaged(path, "it has no totals")
    _, queue, its_destination, *counts = row
    if not (
        isinstance(queue, str) and isinstance(its_destination, str) and all(type(count) is int for count in counts)
    ):
        raise damaged(path, "its totals hold values of wrong types")
    if destination is not None and its_destination != destination:
        raise QueueProblem(f"queue `{path}` is for `{its_destination}`, not for `{destination}`; name another file")
