"""`make man`: a man page for each command, in build/man, written by click-man from what `--help` shows."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from click_man.core import write_man_pages

from rulewright.cli import group
from rulewright.version import VERSION


def write(folder: Path) -> None:
    """Writes the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    context = click.Context(group, info_name="rulewright")
    # Commands are imported when they are called, and click-man reads those that were added before.
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        group.commands[name] = command
    write_man_pages("rulewright", group, version=VERSION, target_dir=str(folder))
    _add_examples(folder, "rulewright", group)


def _add_examples(folder: Path, name: str, command: click.Command) -> None:
    """Adds what stands below the help of a command, which click-man leaves out."""
    if isinstance(command, click.Group):
        for word in command.list_commands(click.Context(command)):
            below = command.get_command(click.Context(command), word)
            assert below is not None
            _add_examples(folder, f"{name}-{word}", below)
    elif command.epilog:
        lines = [line.replace("\\", "\\e") for line in command.epilog.splitlines() if line.strip("\b")]
        with (folder / f"{name}.1").open("a", encoding="utf-8") as page:
            page.write("\n".join([".SH EXAMPLES", ".nf", *lines[lines[0] == "Examples:" :], ".fi", ""]))


if __name__ == "__main__":
    write(Path(sys.argv[1]))
