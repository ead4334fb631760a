"""`rulewright amplitude`: what concerns Amplitude alone."""

from __future__ import annotations

import click

from .amplitude_double import double


@click.group("amplitude")
def command() -> None:
    """What concerns Amplitude alone: a double of it, for tests and trials."""


command.add_command(double)
