"""A comparison as an author would write it with other operands."""

from __future__ import annotations

from collections.abc import Callable

from ... import ir


def comparison_text(node: ir.Compare, text_of: Callable[[ir.Value], str]) -> str:
    """The comparison with the text that is given for each side; both stay where they are."""
    return f"{text_of(node.left)} {node.operator} {text_of(node.right)}"
