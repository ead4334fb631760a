"""The version of the language that a file names: `language 1`."""

from __future__ import annotations

from ...dsl import ast
from ...dsl.diagnostics.diagnostic import Diagnostic, Label
from ...dsl.source import Source

VERSION = "1"
"""The version that this compiler reads. It changes when a rule file would mean something else."""


def language_problems(items: tuple[ast.Item, ...]) -> list[Diagnostic]:
    """The diagnostics for an unknown version, for one that is not first in its file, and for a second one."""
    diagnostics: list[Diagnostic] = []
    first: dict[Source, ast.Item] = {}
    for item in items:
        before = first.setdefault(item.span.source, item)
        if not isinstance(item, ast.Language):
            continue
        if isinstance(before, ast.Language) and before is not item:
            label = Label(before.span, "first here")
            diagnostics.append(Diagnostic("RW0109", "a file has one language version", item.span, others=(label,)))
        elif before is not item:
            help_ = "move it to the beginning of the file"
            diagnostics.append(Diagnostic("RW0009", "`language` is not first in the file", item.span, help=(help_,)))
        elif item.version != VERSION:
            message = f"unknown language version `{item.version}`"
            help_ = f"write `language {VERSION}`, or install a version of Rulewright that reads `{item.version}`"
            diagnostics.append(Diagnostic("RW0009", message, item.span, help=(help_,)))
    return diagnostics
