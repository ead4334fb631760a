"""No option takes NaN: a coverage of NaN would be reached by every run, and no age is above it."""

from __future__ import annotations

import click
import pytest

from rulewright.cli import group as program

from .running import rulewright


def number_options(command: click.Command, words: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Each option that takes a number which may be a fraction, with the words of its command before it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        inner = ((name, command.get_command(context, name)) for name in command.list_commands(context))
        return [
            option
            for name, subcommand in inner
            if subcommand is not None
            for option in number_options(subcommand, (*words, name))
        ]
    return [
        (*words, parameter.opts[0])
        for parameter in command.params
        if isinstance(parameter.type, click.types.FloatParamType)
    ]


OPTIONS = number_options(program)


def test_there_are_such_options() -> None:
    assert {("test", "--fail-under"), ("send", "--rate"), ("status", "--max-age")} <= set(OPTIONS)


@pytest.mark.parametrize("words", OPTIONS, ids=" ".join)
@pytest.mark.parametrize("value", ["nan", "-NaN"])
def test_nan_is_refused(words: tuple[str, ...], value: str) -> None:
    done = rulewright(*words, value)
    assert (done.returncode, "is not a number" in done.stderr) == (2, True), done.stderr
