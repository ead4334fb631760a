"""Rewrites a rule file: it has all of the new text or all of the old text."""

from __future__ import annotations

from pathlib import Path

from ..dsl.diagnostics.diagnostic import Diagnostic, Fix
from ..dsl.diagnostics.fixes import apply, fixes_by_source
from ..dsl.source import Source
from ..runtime.private_files import replace_file
from .file_access import FileRefused, read_regular


def make_fixes(diagnostics: list[Diagnostic]) -> list[tuple[Diagnostic, Fix]]:
    """Makes the fixes of diagnostics in their files, and gives those that were made.

    A file that is not any more what was checked is left alone. Raises OSError when a file cannot be written.
    """
    made: list[tuple[Diagnostic, Fix]] = []
    for source, fixes in fixes_by_source(diagnostics).items():
        text = unchanged_text(source)
        if text is not None:
            replace_text(Path(source.name), apply(text, [fix for _, fix in fixes]))
            made += fixes
    return made


def unchanged_text(source: Source) -> str | None:
    """The text of the file with its own line ends; None if it changed since it was read."""
    try:
        text = read_regular(source.name).decode("utf-8", errors="replace")
    except FileRefused:
        return None
    return text if text.replace("\r\n", "\n").replace("\r", "\n") == source.text else None


def write_text(path: Path, text: str) -> None:
    """Writes a file, new or in place of the one that is there; a new one is never made through a link.

    Raises OSError when it cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        replace_text(path, text)


def replace_text(path: Path, text: str) -> None:
    """Replaces the text of a file and keeps its mode; a concurrent reader sees the old or the new text.

    A link stays one, and the file that it leads to is replaced. Raises OSError when the file cannot be written.
    """
    replace_file(path.resolve(), text.encode(), durably=True)
