"""`rulewright fmt`: rule files in their one canonical form."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff
from io import StringIO
from pathlib import Path

import click

from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.format.formatter import format_file
from ..dsl.rule_error import RuleError
from ..dsl.source import Source
from ..files.file_access import FileAccess
from ..files.file_replacement import unchanged_text, write_text
from ..loading.catalog import KNOWN_NAMES
from ..loading.rule_files import source_of_first, source_of_found, without_its_text
from ..printable import printable
from .examples import examples
from .inputs import entry_files, rule_files_of, rules_source
from .reporting import colored, is_quiet, quiet_option, show

_COLORS = {"+": "green", "-": "red", "@": "cyan"}


@click.command("fmt", epilog=examples("fmt rules/", "fmt --check rules/", "fmt - < shop.rules"))
@click.argument("paths", nargs=-1)
@click.option(
    "--check", is_flag=True, help="Write nothing; list the files that would change, and exit with 1 if there are any."
)
@click.option("--diff", is_flag=True, help="Write nothing; show what would change, and exit with 1 if anything would.")
@quiet_option
def command(paths: tuple[str, ...], check: bool, diff: bool) -> None:
    """Write rule files in canonical form.

    PATHS are files, folders (every *.rules file in them that is not hidden) or - for standard input, which goes to
    standard output. Comments keep their places. A file with a syntax error is not changed.
    """
    findings = False
    for file in _files(entry_files(paths)):
        try:
            source = _source(file)
        except RuleError as error:
            show(error.diagnostics, sys.stderr)
            findings = True
            continue
        text, errors = _formatted(file, source)
        show(errors, sys.stderr)
        changed = text != source.text
        findings |= bool(errors) or (changed and (check or diff))
        if diff:
            _show_diff(source, text)
        elif check:
            if changed:
                click.echo(f"{printable(source.name)} would be formatted")
        elif file is None:
            if not errors:
                click.echo(text, nl=False)
        elif changed and _write(file.path, source, text):
            if not is_quiet():
                click.echo(f"{printable(source.name)} formatted")
        elif changed:
            click.echo(f"{printable(source.name)} was changed while it was formatted, and is left alone", err=True)
            findings = True
    sys.exit(1 if findings else 0)


@dataclass(frozen=True, slots=True)
class _File:
    """A file to format."""

    path: Path
    access: FileAccess
    is_named: bool
    """On the command line, and not found in a folder."""


def _files(paths: tuple[str, ...]) -> Iterator[_File | None]:
    """The files to format, in order; None is standard input."""
    for path in map(Path, paths):
        if str(path) == "-":
            yield None
        elif path.is_dir():
            access = FileAccess(path)
            yield from (_File(file, access, False) for file in rule_files_of(path))
        else:
            yield _File(path, FileAccess(path.parent), True)


def _source(file: _File | None) -> Source:
    """The text of a file. Raises RuleError."""
    if file is None:
        return rules_source()
    return source_of_first(file.path, file.access) if file.is_named else source_of_found(file.path, file.access)


def _formatted(file: _File | None, source: Source) -> tuple[str, list[Diagnostic]]:
    text, errors = format_file(source, KNOWN_NAMES)
    if file is not None and file.path.is_symlink() and (unquoted := without_its_text(source, errors)) is not None:
        errors = [unquoted]
    return text, errors


def _show_diff(source: Source, text: str) -> None:
    before, after = StringIO(source.text), StringIO(text)
    name = printable(source.name)
    for line in unified_diff(list(before), list(after), name, f"{name} (formatted)"):
        shown = printable(line.removesuffix("\n")) + "\n"
        if not line.endswith("\n"):
            shown += "\\ no line end\n"
        color = _COLORS.get(line[0]) if colored(sys.stdout) else None
        click.echo(click.style(shown, fg=color) if color else shown, nl=False)


def _write(path: Path, source: Source, text: str) -> bool:
    """Puts the text in the file's place, with the line ends that the file had; whether the file was still as read."""
    before = unchanged_text(source)
    if before is not None:
        write_text(path, text.replace("\n", "\r\n") if "\r\n" in before else text)
    return before is not None
