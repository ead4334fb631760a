"""`rulewright completion`: the completion script for a shell."""

from __future__ import annotations

import sys

import click
from click.shell_completion import get_completion_class

_HOW = {
    "bash": 'eval "$(rulewright completion bash)"',
    "zsh": 'eval "$(rulewright completion zsh)"',
    "fish": "rulewright completion fish | source",
}
"""What a shell's start-up file says."""


@click.command("completion", epilog="\b\n" + "\n".join(f"{shell:6}{line}" for shell, line in _HOW.items()))
@click.argument("shell", type=click.Choice(list(_HOW)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Write the script that completes commands and options in SHELL; add the line below to its startup file."""
    completion = get_completion_class(shell)
    assert completion is not None
    group = context.find_root().command
    # The script itself, without a look at the version of the shell, which may not be installed where it is written.
    made = completion(group, {}, "rulewright", "_RULEWRIGHT_COMPLETE")
    sys.stdout.write(made.source_template % made.source_vars())
