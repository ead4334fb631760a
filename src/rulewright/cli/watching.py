"""Watches files for `--watch`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click

from ..printable import printable

_WATCHED = (".rules", ".json", ".jsonl")


def each_change(folders: Callable[[], Iterable[Path]]) -> Iterator[None]:
    """Waits for a change of rules or events in folders or below them, says what changed, and yields; without end.

    The folders are computed after each run, because it may have read other files. Raises UsageError if none exists.
    """
    from watchfiles import watch

    click.echo("watching; Ctrl-C ends it", err=True)
    watched: list[Path] = []
    while (wanted := _existing(folders())) != watched:
        watched = wanted
        for changes in watch(*watched, watch_filter=lambda _, path: path.endswith(_WATCHED)):
            names = ", ".join(sorted({Path(path).name for _, path in changes}))
            click.echo(f"\n{printable(names)} changed", err=True)
            yield
            if _existing(folders()) != watched:
                break


def _existing(folders: Iterable[Path]) -> list[Path]:
    existing = sorted({folder for folder in folders if folder.is_dir()})
    if not existing:
        raise click.UsageError("there is no folder to watch")
    return existing
