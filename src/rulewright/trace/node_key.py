"""A node of the program, identified by its text: a tracer may rewrite a node, but not its span."""

from __future__ import annotations

from typing import TypeAlias

from ..compiler import ir
from ..dsl.source import Source

NodeKey: TypeAlias = tuple[Source, int, int, type]


def key_of(node: ir.Value) -> NodeKey:
    """The span and the class of the node."""
    return node.span.source, node.span.start, node.span.end, type(node)
