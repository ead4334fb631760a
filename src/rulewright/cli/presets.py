"""`rulewright presets`: the rule files that ship."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from ..dsl import ast
from ..files.file_access import shipped_rules
from ..files.file_replacement import create_file, write_file
from ..loading.rule_files import read_rules
from .examples import examples
from .reporting import quiet_option, tell


@click.command("presets", epilog=examples("presets", "presets amplitude", "presets amplitude --copy shop.rules"))
@click.argument("name", required=False)
@click.option(
    "--copy", "target", type=click.Path(path_type=Path), help="Write the file to this path instead of to the screen."
)
@click.option("--force", is_flag=True, help="With --copy, replace an existing file.")
@quiet_option
def command(name: str | None, target: Path | None, force: bool) -> None:
    """List the rule files that ship, or show the file NAME.

    Include one in your rule file by its name: `include "amplitude/presets.rules"`.
    """
    if name is None:
        if target is not None:
            raise click.UsageError(f"say which file to copy: {', '.join(_names())}")
        for each in _names():
            sys.stdout.write(f"{each}\n")
            sys.stdout.writelines(f"  {line}\n" for line in _mappings(each))
        return
    content = (shipped_rules() / _known(name)).read_bytes()
    if target is None:
        sys.stdout.write(content.decode("utf-8"))
        return
    try:
        (write_file if force else create_file)(target, content)
    except FileExistsError:
        raise click.UsageError(f"`{target}` exists: choose another name, or replace it with --force") from None
    tell(f"wrote {target}")


def _names() -> list[str]:
    """The names by which shipped files are included; not those of tests and defaults."""
    return [
        path.relative_to(shipped_rules()).as_posix()
        for path in sorted(shipped_rules().glob("*/*.rules"))
        if not path.name.endswith(".test.rules")
    ]


def _known(name: str) -> str:
    """The name of a file, given by it or by its folder. Raises UsageError with all names."""
    names = _names()
    chosen = [each for each in names if name in (each, each.partition("/")[0])]
    if len(chosen) != 1:
        raise click.UsageError(f"there are no presets `{name}`; there are: {', '.join(names)}")
    return chosen[0]


def _mappings(name: str) -> list[str]:
    items = read_rules(shipped_rules() / name).items
    mappings = [item for item in items if isinstance(item, ast.Mapping)]
    return [f'"{mapping.name}" -> {mapping.action}' for mapping in mappings]
