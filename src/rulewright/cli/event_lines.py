"""The lines of a file of events or of standard input; on a terminal, a bar shows how far the file is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click


@contextmanager
def event_lines(events: str, doing: str) -> Iterator[Iterable[bytes]]:
    """The lines of a file by its path, or of standard input for `-`; `doing` is what stands before the bar.

    Raises UsageError for a file that cannot be read.
    """
    if events == "-":
        yield sys.stdin.buffer
        return
    try:
        file = Path(events).open("rb", buffering=1 << 20)  # noqa: SIM115 -- closed below
    except OSError as error:
        raise click.UsageError(f"`{events}` cannot be read: {(error.strerror or str(error)).lower()}") from None
    with file:
        size = os.fstat(file.fileno()).st_size
        if sys.stderr.isatty() and size > 0:
            yield from _with_bar(file, size, doing)
        else:
            yield file


def _with_bar(file: BinaryIO, size: int, doing: str) -> Iterator[Iterable[bytes]]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (
        TextColumn(doing),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[events]:,} events"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=size, events=0)

        def lines() -> Iterator[bytes]:
            done = 0
            for number, line in enumerate(file, 1):
                done += len(line)
                if number % 2000 == 0:
                    progress.update(task, completed=done, events=number)
                yield line
            progress.update(task, completed=size)

        yield lines()
