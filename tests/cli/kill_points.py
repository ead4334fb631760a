"""Ends this process with a signal at a chosen point of writing a file, in place of a kill at a moment of chance."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from io import BufferedWriter
from pathlib import Path
from typing import Any

from rulewright.cli import run, send
from rulewright.runtime import private_files
from rulewright.runtime.mapping import lines

POINTS = ("half", "written", "in place")
"""Half of the content is in the unfinished file; all of it is there; the file has just taken its place."""


def kill_when_a_file_is(point: str, number: int) -> None:
    """Arranges that the first file that is written whole is the last thing that this process does."""
    die = _once(number)
    if point == "half":
        opening = open

        def half_written(*arguments: Any, **options: Any) -> BufferedWriter:
            file: BufferedWriter = opening(*arguments, **options)
            return _HalfWritten(file.detach(), die)

        vars(private_files)["open"] = half_written
    elif point == "written":
        syncing = os.fsync

        def written(fd: Any) -> None:
            syncing(fd)
            die()

        os.fsync = written
    else:
        linking, replacing = os.link, Path.replace

        def linked(*arguments: Any) -> None:
            linking(*arguments)
            die()

        def replaced(path: Path, target: Path) -> Path:
            taken = replacing(path, target)
            die()
            return taken

        os.link, Path.replace = linked, replaced  # type: ignore[assignment,method-assign]


def kill_when_requests_are_written(count: int, number: int) -> None:
    """Arranges that `run` ends when it has written so many requests, and one more."""
    die, mapping = _once(number), lines.map_lines

    def map_lines(mapper: Any, texts: Any, write: Callable[[bytes], Any], *more: Any, **options: Any) -> None:
        left = iter(range(count))

        def writing(request: bytes) -> None:
            write(request)
            if next(left, None) is None:
                die()

        mapping(mapper, texts, writing, *more, **options)

    vars(run)["map_lines"] = map_lines


def kill_when_delivered(number: int) -> None:
    """Arranges that `send` ends when everything is delivered, and not concluded yet."""
    die, delivering = _once(number), vars(send)["deliver"]

    def deliver(*arguments: Any, **options: Any) -> Any:
        report = delivering(*arguments, **options)
        die()
        return report

    vars(send)["deliver"] = deliver


class _HalfWritten(BufferedWriter):
    def __init__(self, raw: Any, die: Callable[[], None]) -> None:
        super().__init__(raw)
        self._die = die

    def write(self, content: Any) -> int:
        super().write(content[: len(content) // 2])
        self.flush()
        self._die()
        return super().write(content[len(content) // 2 :])


def _once(number: int) -> Callable[[], None]:
    """Ends the process by a signal when it is first called; it takes an interrupt even where its parent ignores it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    left = iter((number,))

    def die() -> None:
        for each in left:
            os.kill(os.getpid(), each)

    return die
