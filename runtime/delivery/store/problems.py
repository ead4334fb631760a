"""Problems of a queue's file, each in a sentence that says what to do."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from types import UnionType
from typing import Any

from ....printable import printable

NEW_QUEUE = (
    "move it away, start with a new one and read the input again; "
    "a destination that recognizes the ids of events counts what was already delivered once"
)

FILES_OF_A_QUEUE = 6
"""The database with its log and index, the lock with its journal, the mark."""


class QueueProblem(Exception):
    """The queue's file cannot be read or written; the text says which file, what is wrong, and what to do."""


def queue_problem(path: Path | str, problem: sqlite3.Error | OSError) -> QueueProblem:
    """The problem for an error of SQLite or the system."""
    text = (problem.strerror or str(problem)).lower() if isinstance(problem, OSError) else str(problem)
    return QueueProblem(f"queue `{path}`: {printable(' '.join(text.split()))}; {_way_out(problem, text)}")


def damaged(path: Path, damage: str) -> QueueProblem:
    """The problem for a file that can be read, and does not have the content of a queue."""
    return QueueProblem(f"queue `{path}`: the file is damaged ({printable(' '.join(damage.split()))}); {NEW_QUEUE}")


def typed(path: Path, row: tuple[Any, ...], *types: type | UnionType) -> tuple[Any, ...]:
    """The row, if its values are of these types. Raises QueueProblem for a row that Rulewright has not written."""
    if not all(map(isinstance, row, types)):
        raise damaged(path, "a row holds values of wrong types")
    return row


def _way_out(problem: sqlite3.Error | OSError, text: str) -> str:
    name = getattr(problem, "sqlite_errorname", "") or ""
    number = getattr(problem, "errno", None)
    if number in (errno.EMFILE, errno.ENFILE) or (name.startswith("SQLITE_CANTOPEN") and _too_few_descriptors()):
        return "this process may not open more files: raise the limit (`ulimit -n`) and start again; nothing is lost"
    if name == "SQLITE_FULL" or number == errno.ENOSPC or "full" in text:
        return "make room and start again: nothing that was accepted is lost, and reading resumes where it stopped"
    if name.startswith("SQLITE_IOERR"):
        return "look at the disk and start again: nothing that was accepted is lost"
    if name.startswith("SQLITE_NOTADB"):
        return f"it is not a queue of Rulewright: name another file; if it was one, it is damaged: {NEW_QUEUE}"
    if name.startswith("SQLITE_CORRUPT"):
        return f"the file is damaged: {NEW_QUEUE}"
    if name.startswith("SQLITE_CANTOPEN") or isinstance(problem, OSError):
        return "name a file in a folder that is there and may be written"
    return "nothing that was accepted is lost; start again when it is put right"


def _too_few_descriptors() -> bool:
    """Whether as many files as a queue needs cannot be opened; those of a failed attempt are closed by now."""
    opened: list[int] = []
    try:
        opened.extend(os.open(os.devnull, os.O_RDONLY) for _ in range(FILES_OF_A_QUEUE))
    except OSError as problem:
        return problem.errno in (errno.EMFILE, errno.ENFILE)
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return False
