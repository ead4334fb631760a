"""Reads the arguments of commands from a file or standard input, as UTF-8 whatever the terminal's encoding is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import BinaryIO

import click

from ..dsl.source import Source
from ..files.project import FILE, project
from ..loading.rule_files import RuleFiles, read_rules_text, source_of
from ..loading.rule_folders import files_left_out, rule_files_in
from ..printable import printable
from ..runtime.standard_streams import say

NAME = "<standard input>"

MOST_BYTES = 256_000_000
"""The most bytes of a document or an event that is read as a whole."""


def content_of(path: str) -> bytes:
    """The bytes of a file by its path, or of standard input for `-`. Raises UsageError for one that cannot be read."""
    if path == "-":
        return _all_of(sys.stdin.buffer, NAME)
    try:
        with Path(path).open("rb") as file:
            return _all_of(file, f"`{path}`")
    except (OSError, ValueError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise click.UsageError(f"`{path}` cannot be read: {reason.lower()}") from None


def _all_of(file: BinaryIO, name: str) -> bytes:
    """Everything that comes, which may be a pipe; a stream without an end is not waited for."""
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise click.UsageError(f"{name} has more than {MOST_BYTES / 1e6:.0f} MB")
    return content


def entry_files(named: tuple[str, ...]) -> tuple[str, ...]:
    """The files that a command was given, or else those of the project. Raises UsageError if there are none.

    It also raises UsageError for a file of the project that does not exist.
    """
    own = project.get()
    files = named or own.rules
    if not files:
        raise click.UsageError(f"name the rule files, or list them as `rules` in {FILE}")
    for file in () if named else files:
        if not Path(file).exists():
            raise click.UsageError(printable(f"{own.file}: `rules`: there is no file or folder `{file}`"))
    return files


def rule_files_of(folder: Path) -> list[Path]:
    """The rule files of a folder; says which similar files are left out. Raises UsageError if there are none."""
    files = rule_files_in(folder)
    for file in files_left_out(folder):
        why = "it is hidden" if file.name.startswith(".") else "its name does not end in `.rules`"
        say(printable(f"`{file}` is left out: {why}"))
    if not files:
        raise click.UsageError(f"`{folder}` holds no rule file")
    return files


def rules_source() -> Source:
    """The source of the rules on standard input. Raises RuleError if they are not UTF-8, UsageError if too large."""
    return source_of(NAME, _all_of(sys.stdin.buffer, NAME))


def read_standard_rules() -> RuleFiles:
    """The rules on standard input. Raises RuleError if they are not UTF-8, UsageError if they are too large."""
    return read_rules_text(rules_source().text, NAME)
