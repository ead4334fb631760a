"""The canonical path of a queue's file, beside which its lock and log are."""

from __future__ import annotations

import os
from pathlib import Path

from ...private_files import path_without_links
from .problems import QueueProblem, queue_problem


def queue_file(path: Path) -> Path:
    """The canonical path of a queue, whatever symbolic or hard links lead to it; the file need not exist yet.

    Raises QueueProblem for what is not a regular file, for one that another user may have planted, and for one with
    hard links in other folders or used under several names.
    """
    try:
        real = path_without_links(path)
        # The file itself is not opened here: to close it again would end the locks that this process has on it.
        return _one_of_many(real) if real.exists() and real.stat().st_nlink > 1 else real
    except OSError as problem:
        raise queue_problem(path, problem) from problem


def _one_of_many(path: Path) -> Path:
    """The name that is in use, else the first, of a file with several names.

    A database under two names has two logs, and what is in one of them is not seen under the other name.
    """
    inode = path.stat().st_ino
    with os.scandir(path.parent) as entries:
        names = sorted(entry.name for entry in entries if entry.inode() == inode and not entry.is_symlink())
    if len(names) < path.stat().st_nlink:
        raise QueueProblem(
            f"queue `{path}`: the file has other names (hard links) in other folders, where another sender would not be"
            " noticed; remove them"
        )
    in_use = [name for name in names if path.with_name(f"{name}-wal").exists()]
    if len(in_use) > 1:
        raise QueueProblem(
            f"queue `{path}`: the file has been used under several names ({', '.join(in_use)}), each with a log of its"
            " own; move it away, start with a new one and read the input again"
        )
    return path.with_name((in_use or names)[0])
