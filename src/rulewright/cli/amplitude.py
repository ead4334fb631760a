"""`rulewright amplitude`: commands for Amplitude alone."""

from __future__ import annotations

import click

from .amplitude_fake import fake
from .amplitude_keys import check_keys, delete_user


@click.group("amplitude")
def command() -> None:
    """Check keys, delete users, and run a fake Amplitude server for tests and trials."""


for subcommand in (check_keys, delete_user, fake):
    command.add_command(subcommand)
