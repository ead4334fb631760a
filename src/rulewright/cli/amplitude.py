"""`rulewright amplitude`: what concerns Amplitude alone."""

from __future__ import annotations

import click

from .amplitude_double import double
from .amplitude_keys import check_keys, delete_user


@click.group("amplitude")
def command() -> None:
    """What concerns Amplitude alone: its keys, deleting users, and a double of it for tests and trials."""


for subcommand in (check_keys, delete_user, double):
    command.add_command(subcommand)
