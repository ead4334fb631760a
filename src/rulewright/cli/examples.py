"""The examples below the help of a command."""

from __future__ import annotations


def examples(*lines: str) -> str:
    """The epilog of a command: command lines that a person may copy, each on a line of its own."""
    return "\n".join(["\b", "Examples:", *(f"  rulewright {line}" for line in lines)])
