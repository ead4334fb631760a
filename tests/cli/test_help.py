"""The help of each command ends with examples, and each of them is understood."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from rulewright.cli import group
from tests.cli.running import rulewright as command

NO_EXAMPLES = {"completion"}
"""The line for the start-up file of each shell stands there."""


def _commands(commands: click.Group, words: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """All commands that are not groups, by their words."""
    for word in commands.list_commands(click.Context(commands)):
        command = commands.get_command(click.Context(commands), word)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _commands(command, (*words, word))
        else:
            yield " ".join((*words, word)), command


COMMANDS = dict(_commands(group))


def _examples(command: click.Command) -> list[str]:
    lines = (command.epilog or "").splitlines()
    return [line.strip().removeprefix("rulewright ") for line in lines if line.startswith("  rulewright ")]


EXAMPLES = [(name, line) for name, command in COMMANDS.items() for line in _examples(command)]


def test_each_command_has_examples() -> None:
    assert [name for name in COMMANDS if not _examples(COMMANDS[name])] == sorted(NO_EXAMPLES)


def test_a_list_of_commands_describes_each_in_a_whole_sentence() -> None:
    lists = {name.split()[0] for name in COMMANDS if " " in name}
    assert {"amplitude", "dead-letters"} <= lists
    for name in ("", *lists):
        assert "..." not in command(*name.split(), "--help").stdout.partition("\nCommands:")[2]


@pytest.mark.parametrize(("name", "line"), EXAMPLES, ids=[line for _, line in EXAMPLES])
def test_an_example_calls_its_command_as_it_wants_to_be_called(
    name: str, line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shop.rules").touch()
    command_line = line.split(" > ")[0].split(" < ")[0]
    assert command_line.startswith(name)
    COMMANDS[name].make_context(name, shlex.split(command_line.removeprefix(name)))
