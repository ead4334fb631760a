"""`rulewright fmt`: rule files in their one canonical form."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from difflib import unified_diff
from io import StringIO
from pathlib import Path

import click

from ..dsl.diagnostics.diagnostic import Diagnostic, RuleError
from ..dsl.format.formatter import format_file
from ..dsl.source import Source, Span
from ..printable import printable
from ..rule_files import read_source
from .inputs import rules_source
from .reporting import colored, show

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


@click.command("fmt")
@click.argument("paths", nargs=-1, required=True)
@click.option("--check", is_flag=True, help="Write nothing; say which files would change, and end with 1 if any would.")
@click.option("--diff", is_flag=True, help="Write nothing; show what would change, and end with 1 if anything would.")
def command(paths: tuple[str, ...], check: bool, diff: bool) -> None:
    """Put rule files into their one canonical form.

    PATHS are files, folders (every *.rules file in them) or - for standard input, which goes to standard output.
    Comments stay where they are. A file that cannot be read whole is left alone.
    """
    findings = False
    for path in _files(paths):
        source, errors = _source(path)
        if source is None:
            show(errors, sys.stderr)
            findings = True
            continue
        text, errors = format_file(source)
        show(errors, sys.stderr)
        changed = text != source.text
        findings |= bool(errors) or (changed and (check or diff))
        if diff:
            _show_diff(source, text)
        elif check:
            if changed:
                click.echo(f"{printable(source.name)} would be formatted")
        elif path is None:
            if not errors:
                click.echo(text, nl=False)
        elif changed:
            _write(path, text)
            click.echo(f"{printable(source.name)} formatted")
    sys.exit(1 if findings else 0)


def _files(paths: tuple[str, ...]) -> Iterator[Path | None]:
    """The files to format, in order; None is standard input."""
    for path in paths:
        if path == "-":
            yield None
        elif Path(path).is_dir():
            files = sorted(Path(path).rglob("*.rules"))
            if not files:
                raise click.UsageError(f"`{path}` holds no rule file")
            yield from files
        else:
            yield Path(path)


def _source(path: Path | None) -> tuple[Source | None, list[Diagnostic]]:
    if path is None:
        try:
            return rules_source(), []
        except RuleError as error:
            return None, error.diagnostics
    source, problem = read_source(path, Span(Source(str(path), ""), 0, 0))
    return source, [problem] if problem else []


def _show_diff(source: Source, text: str) -> None:
    before, after = StringIO(source.text), StringIO(text)
    name = printable(source.name)
    for line in unified_diff(list(before), list(after), name, f"{name} (formatted)"):
        shown = printable(line.removesuffix("\n")) + "\n"
        if not line.endswith("\n"):
            shown += "\\ no line end\n"
        colour = _COLOURS.get(line[0]) if colored(sys.stdout) else None
        click.echo(click.style(shown, fg=colour) if colour else shown, nl=False)


def _write(path: Path, text: str) -> None:
    """Puts the text in the file's place as a whole, with the line ends that the file had."""
    target = path.resolve()
    line_end = "\r\n" if b"\r\n" in target.read_bytes() else "\n"
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as folder:
        written = Path(folder) / target.name
        written.write_text(text, encoding="utf-8", newline=line_end)
        shutil.copymode(target, written)
        written.replace(target)
