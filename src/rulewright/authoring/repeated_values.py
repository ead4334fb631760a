"""Joins repeated comparisons: `event = "a" or event = "b"` becomes `event in ["a", "b"]`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from ..dsl import ast
from ..dsl.source import Span
from .nodes import around


@dataclass(frozen=True, slots=True)
class Extraction:
    """A condition that repeats a value, and the text that has it once."""

    sentence: str
    span: Span
    text: str


def extractions(tree: ast.File, offset: int) -> Iterator[Extraction]:
    """The conditions around an offset that can be written shorter."""
    for node in reversed(around(tree, offset)):
        if isinstance(node, ast.Logical):
            yield from _of(node)


def _of(node: ast.Logical) -> Iterator[Extraction]:
    """Only neighbors: another condition between two of them may be there for a reason."""
    operator = "=" if node.operator == "or" else "!="
    for value, group in groupby(node.operands, lambda operand: _compared(operand, operator)):
        operands = [operand for operand in group if isinstance(operand, ast.Comparison)]
        if value is None or len(operands) < 2 or "#" in node.span.text:
            continue
        items = ", ".join(operand.right.span.text for operand in operands)
        left = operands[0].left.span.text
        text = f"{left} in [{items}]" if operator == "=" else f"!({left} in [{items}])"
        yield Extraction(f"compare `{left}` once", operands[0].span.to(operands[-1].span), text)


def _compared(node: ast.Expression, operator: str) -> ast.Expression | None:
    """What is compared with a literal; with `!=`, with a text alone, because without a value the others are false."""
    if not isinstance(node, ast.Comparison) or node.operator != operator or not isinstance(node.right, ast.Literal):
        return None
    return node.left if operator == "=" or isinstance(node.right.value, str) else None
