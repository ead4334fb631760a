"""Walks the syntax tree of an expression."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from ..dsl import ast


def nodes_of(expression: ast.Node) -> Iterator[ast.Node]:
    """The node and all nodes below it, parents first."""
    yield expression
    for field in fields(expression):
        yield from _below(getattr(expression, field.name))


def _below(value: object) -> Iterator[ast.Node]:
    if isinstance(value, ast.Node):
        yield from nodes_of(value)
    elif isinstance(value, tuple):
        for part in value:
            yield from _below(part)
