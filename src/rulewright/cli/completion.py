"""`rulewright completion`: the completion script for a shell, and the answers to it."""

from __future__ import annotations

import sys

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    add_completion_class,
    get_completion_class,
)

VARIABLE = "_RULEWRIGHT_COMPLETE"
"""The environment variable by which a script asks for completions."""
_HOW = {
    "bash": 'eval "$(rulewright completion bash)"',
    "zsh": 'eval "$(rulewright completion zsh)"',
    "fish": "rulewright completion fish | source",
}
"""What a shell's start-up file says."""


class _WithFiles(ShellComplete):
    """Files in place of anything that is not a word of the command line: most arguments are files."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """The words that fit, or else that files do."""
        return super().get_completions(args, incomplete) or [CompletionItem(incomplete, type="file")]


class _Bash(_WithFiles, BashComplete):
    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before the cursor, and the one at it; bash makes three words of `--format=json`."""
        args, incomplete = super().get_completion_args()
        if incomplete == "=":
            return args, ""
        return (args[:-1] if args[-1:] == ["="] else args), incomplete


class _Zsh(_WithFiles, ZshComplete):
    pass


class _Fish(_WithFiles, FishComplete):
    pass


def add_shells() -> None:
    """Has the program answer the scripts by these classes."""
    for shell in (_Bash, _Zsh, _Fish):
        add_completion_class(shell)


@click.command("completion", epilog="\b\n" + "\n".join(f"{shell:6}{line}" for shell, line in _HOW.items()))
@click.argument("shell", type=click.Choice(list(_HOW)))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Write the script that completes commands, options and files in SHELL; add the line below to its startup file."""
    completion = get_completion_class(shell)
    assert completion is not None
    group = context.find_root().command
    # The script itself, without a look at the version of the shell, which may not be installed where it is written.
    made = completion(group, {}, "rulewright", VARIABLE)
    sys.stdout.write(made.source_template % made.source_vars())
