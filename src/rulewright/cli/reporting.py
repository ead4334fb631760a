"""How the commands show diagnostics: with color on a terminal, and plain in a pipe."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from typing import Any, NoReturn, TextIO

import click

from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.render.text import render_all
from ..dsl.rule_error import RuleError
from ..printable import printable, printable_json
from ..runtime.counted import counted
from ..runtime.standard_streams import say

_STYLES: dict[str, dict[str, Any]] = {
    "error": {"fg": "red", "bold": True},
    "warning": {"fg": "yellow", "bold": True},
    "note": {"fg": "cyan", "bold": True},
    "help": {"fg": "cyan", "bold": True},
    "place": {"fg": "blue"},
    "label": {"fg": "blue"},
    "good": {"fg": "green", "bold": True},
    "bad": {"fg": "red", "bold": True},
    "quiet": {"dim": True},
    "strong": {"bold": True},
}

_EXCERPT = 100


class CouldNotRun(click.ClickException):
    """The command could not do its work, and so has no result."""

    exit_code = 2


_QUIET = "rulewright.quiet"


def _remember(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    del parameter
    context.meta[_QUIET] = value


quiet_option = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=_remember, help="Write nothing if all is well."
)
"""For commands that say how it went also where nothing is wrong; `is_quiet` and `tell` obey it."""


def is_quiet() -> bool:
    """Whether the running command has the option --quiet."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.meta.get(_QUIET))


def tell(sentence: str) -> None:
    """Says on standard error what the command did, which is not a problem: --quiet omits it."""
    if not is_quiet():
        say(printable(sentence))


def colored(stream: TextIO) -> bool:
    """Whether to use color on a stream: on a terminal with color, unless NO_COLOR is set."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def painter(stream: TextIO) -> Callable[[str, str], str]:
    """Paints text by its style for a stream that shows colors, and leaves it as it is for one that does not."""
    if not colored(stream):
        return lambda text, style: text
    return lambda text, style: click.style(text, **_STYLES[style])


def show(diagnostics: list[Diagnostic], stream: TextIO) -> None:
    """All diagnostics, and an empty line."""
    if diagnostics:
        stream.write(render_all(diagnostics, painter(stream)) + "\n\n")


def excerpt(body: bytes) -> str:
    """The beginning of stored bytes, as a terminal may show it."""
    text = body[: 4 * _EXCERPT].decode("utf-8", "replace")
    return printable(text if len(body) <= _EXCERPT else text[: _EXCERPT - 1] + "…")


def write_json(value: Any, *, indent: int | None = 2) -> None:
    """Writes a value to standard output, as JSON for a program that a terminal may show as well."""
    sys.stdout.write(printable_json(json.dumps(value, ensure_ascii=False, indent=indent)) + "\n")


def fail(error: RuleError, consequence: str = "nothing was run", code: int = 1) -> NoReturn:
    """Shows why rules cannot be compiled, and ends the command."""
    show(error.diagnostics, sys.stderr)
    sys.stderr.write(f"{counted(len(error.diagnostics), 'finding')}; {consequence}\n")
    sys.exit(code)
