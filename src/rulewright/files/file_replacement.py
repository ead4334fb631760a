"""Writes a file: it has all of the new content or all of the old content."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..dsl.source import Source
from ..runtime import private_files
from ..runtime.private_files import replace_file
from .file_access import FileRefused, read_regular


def unchanged_text(source: Source) -> str | None:
    """The text of the file with its own line ends; None if it changed since it was read, or cannot be read."""
    try:
        text = read_regular(source.name).decode("utf-8", errors="replace")
    except FileRefused:
        return None
    return text if text.replace("\r\n", "\n").replace("\r", "\n") == source.text else None


def write_text(path: Path, text: str) -> None:
    """Writes a text, in UTF-8, as `write_file` does."""
    write_file(path, text.encode())


def create_file(path: Path, content: bytes) -> None:
    """Writes a new file atomically. Raises FileExistsError if it exists, and OSError."""
    with _names(path):
        private_files.create_file(path, content)


def write_file(path: Path, content: bytes) -> None:
    """Writes a new file, or replaces one, atomically: a concurrent reader sees the old or the new content.

    A file that is replaced keeps its mode. A link is kept, and the file that it leads to is written. A device or a pipe
    takes the content. Raises OSError if the file cannot be written.
    """
    with _names(path):
        target = path.resolve()
        if target.exists() and not target.is_file():
            target.write_bytes(content)
        else:
            replace_file(target, content, mode=None, durably=True)


@contextmanager
def _names(path: Path) -> Iterator[None]:
    """Lets an error name the file that was asked for, not the one that is written in its place."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error
