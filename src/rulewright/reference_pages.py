"""Generates the reference pages of docs/ from the code: `python -m rulewright.reference_pages`.

Without `--write` it says which pages are stale, and ends with 1 when one is. A new page is one line in `PAGES`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import click

from .compiler.resolve.expressions import signature
from .destination_page import destination_page
from .diagnostics_page import diagnostics_page
from .runtime.destinations import BUILT_IN, DESTINATIONS, BrokenDestination
from .runtime.function import Example, Function
from .runtime.functions import FUNCTIONS
from .runtime.semantics.missing import MISSING

_FUNCTIONS_HEAD = """\
# Functions

This page is generated from `runtime/functions/`, which has one file for each function. Every example below is run
as a test. [The language](language.md) describes calls and `if(condition, then, else)`.

Most functions return a *missing* value (the event has no value at the path) and `null` unchanged. A function that
*can fail* refuses a value that it cannot take, with a message that shows the value: in a field, the mapping fails; in a
trigger, the result is missing.
"""


def functions_page() -> str:
    """docs/functions.md."""
    lines = [_FUNCTIONS_HEAD]
    lines += [f"- [`{name}`](#{name}): {function.sentence}" for name, function in FUNCTIONS.items()]
    for function in FUNCTIONS.values():
        lines += _section(function)
    return "\n".join(lines) + "\n"


def _section(function: Function) -> Iterator[str]:
    yield f"\n## {function.name}\n"
    yield f"`{signature(function)}`\n"
    yield f"{function.sentence[0].upper()}{function.sentence[1:]}.\n"
    facts = [f"Takes {_parameters(function)}; returns {_type(function.returns)}."]
    facts += ["Can fail."] if function.fails else []
    facts += [f"Source: {function.source}."] if function.source else []
    yield " ".join(facts) + "\n"
    yield "| expression | event | result | |"
    yield "|---|---|---|---|"
    yield from map(_row, function.examples)


def _parameters(function: Function) -> str:
    return ", ".join(f"`{parameter.name}` ({_type(parameter.type)})" for parameter in function.parameters)


def _type(name: str) -> str:
    return "any value" if name == "any" else name


def _row(example: Example) -> str:
    result = "*missing*" if example.result is MISSING else _code(_json(example.result))
    cells = (_code(example.expression), _code(_json(example.event)), result, example.note)
    return f"| {' | '.join(cells)} |".replace("  |", " |")


def _json(value: object) -> str:
    """JSON that shows white space and marks that no reader could see as escapes."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in text)


def _code(text: str) -> str:
    """Text as code in a cell of a table."""
    escaped = text.replace("|", "\\|")
    return f"`` {escaped} ``" if "`" in text else f"`{escaped}`"


def project_schema() -> str:
    """docs/rulewright.schema.json, the JSON schema of the project file."""
    from .files.project_file import ProjectFile

    return json.dumps(ProjectFile.model_json_schema(), indent=2) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "rulewright.schema.json": project_schema,
    "functions.md": functions_page,
    **{f"{name}.md": partial(destination_page, DESTINATIONS[name]) for name in BUILT_IN},
    "diagnostics.md": diagnostics_page,
}


def stale_pages(folder: Path) -> list[str]:
    """Names of the pages that are not in the folder as the code has them."""
    stale = []
    for name, made in PAGES.items():
        page = folder / name
        if not page.is_file() or page.read_text(encoding="utf-8") != made():
            stale.append(name)
    return stale


def write_pages(folder: Path) -> None:
    """Puts every page into the folder."""
    for name, made in PAGES.items():
        (folder / name).write_text(made(), encoding="utf-8", newline="\n")


@click.command(help="Check, or write, the pages of docs/ that are made from the code.")
@click.option("--write", is_flag=True, help="Write the pages.")
@click.option("--destination", help="Show the page of one destination, as of an installed package, and write nothing.")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=Path("docs"))
def main(write: bool, destination: str | None, folder: Path) -> None:
    if destination is not None:
        try:
            click.echo(destination_page(DESTINATIONS[destination]), nl=False)
        except KeyError:
            raise click.UsageError(f"unknown destination `{destination}`") from None
        except BrokenDestination as error:
            raise click.ClickException(str(error)) from None
        return
    if write:
        write_pages(folder)
    stale = stale_pages(folder)
    for name in stale:
        click.echo(f"{folder / name} is stale: `python -m rulewright.reference_pages --write` makes it anew", err=True)
    sys.exit(1 if stale else 0)


if __name__ == "__main__":
    main()
