"""Output files of commands: written whole or not at all, and never over an input of the command."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from ..files.file_replacement import write_file
from ..printable import printable


def write_output(path: Path, content: str | bytes, *read: str | Path) -> None:
    """Write the file that an option of the command names.

    Raises OSError if it cannot be written, and UsageError as `refuse_input` does.
    """
    refuse_input(path, *read)
    write_file(path, content.encode() if isinstance(content, str) else content)


def refuse_input(output: str | Path, *read: str | Path) -> None:
    """Refuse an output that the command names a second time, as its rules, events or another output, or `read`s.

    `output` is the value of the option itself. Raises UsageError.
    """
    context = click.get_current_context(silent=True)
    named = [] if context is None else [given for value in context.params.values() for given in _each(value)]
    if any(given is not output and _is_same(given, Path(output)) for given in (*named, *read)):
        sentence = f"`{output}` is also read, or written by another option: choose another name for the output"
        raise click.UsageError(printable(sentence))


def _each(value: Any) -> tuple[Any, ...]:
    return value if isinstance(value, tuple) else (value,)


def _is_same(given: Any, output: Path) -> bool:
    """Whether a value of an option is the path of the same file, by any name."""
    if not isinstance(given, str | Path):
        return False
    try:
        path = Path(given)
        return path.resolve() == output.resolve() or path.samefile(output)
    except (OSError, ValueError, RuntimeError):  # there is no such file, or it is the text of an event
        return False
