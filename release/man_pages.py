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
    _complete(folder, "rulewright", group)


def _complete(folder: Path, name: str, command: click.Command) -> None:
    """Adds what click-man leaves out: the end of a long first sentence, and the examples below the help."""
    page = folder / f"{name}.1"
    sentence = " ".join((command.help or "").partition("\n\n")[0].split()).partition(". ")[0].removesuffix(".")
    cut_sentence = f" \\- {command.get_short_help_str()}\n"
    text = page.read_text(encoding="utf-8").replace(cut_sentence, f" \\- {_escaped(sentence)}\n", 1)
    if isinstance(command, click.Group):
        for word in command.list_commands(click.Context(command)):
            subcommand = command.get_command(click.Context(command), word)
            assert subcommand is not None
            _complete(folder, f"{name}-{word}", subcommand)
    elif command.epilog:
        lines = [_escaped(line) for line in command.epilog.splitlines() if line.strip("\b")]
        text += "\n".join([".SH EXAMPLES", ".nf", *lines[lines[0] == "Examples:" :], ".fi", ""])
    page.write_text(text, encoding="utf-8")


def _escaped(text: str) -> str:
    return text.replace("\\", "\\e")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
