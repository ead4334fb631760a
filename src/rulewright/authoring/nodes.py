"""Nodes of a syntax tree: those below a node, and those around a place."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

from ..dsl import ast
from ..dsl.source import Span


def children(node: ast.Node) -> Iterator[ast.Node]:
    """The nodes that an author wrote directly inside a node, in the order of their fields."""
    for field in dataclasses.fields(node):
        value = getattr(node, field.name)
        for child in value if isinstance(value, tuple) else (value,):
            if isinstance(child, ast.Node) and child.span.source is node.span.source:
                yield child


def walk(node: ast.Node) -> Iterator[ast.Node]:
    """A node and all nodes below it; a node comes before those inside it."""
    waiting = [node]
    while waiting:
        node_below = waiting.pop()
        yield node_below
        waiting += reversed(list(children(node_below)))


def around(node: ast.Node, offset: int) -> list[ast.Node]:
    """The nodes that an offset is inside of, or at the edge of; the outermost is first."""
    nodes: list[ast.Node] = []
    inner: ast.Node | None = node if _holds(node.span, offset) else None
    while inner is not None:
        nodes.append(inner)
        # Of two neighbors that meet at the offset, the second one begins there.
        inner = next((child for child in reversed(list(children(inner))) if _holds(child.span, offset)), None)
    return nodes


def selections(tree: ast.File, offset: int) -> list[Span]:
    """The spans to which a selection at an offset expands, the smallest first."""
    nodes = around(tree, offset)
    spans = [node.span for node in nodes]
    for node in nodes:
        if isinstance(node, ast.Mapping | ast.Assign | ast.Call):
            name = node.name_span if isinstance(node, ast.Mapping | ast.Call) else node.field_span
            spans += [name] if _holds(name, offset) and name.source is tree.span.source else []
    # An unfinished item is read with an end that its text does not have.
    last = len(tree.span.text)
    spans = [Span(span.source, min(span.start, last), min(span.end, last)) for span in spans]
    spans.sort(key=_size)
    return [span for number, span in enumerate(spans) if number == 0 or _size(span) != _size(spans[number - 1])]


def _holds(span: Span, offset: int) -> bool:
    return span.start <= offset <= span.end


def _size(span: Span) -> int:
    return span.end - span.start
