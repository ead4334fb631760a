"""Variables of comprehensions: where each is named, and where it is used."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ..dsl import ast
from ..dsl.lexis import GAP, NAME
from ..dsl.source import Span
from ..dsl.syntax.paths import is_bare_key
from .nodes import around, children, walk

_FOR = re.compile(rf"(?:{GAP}[)\"'])*{GAP}for{GAP}({NAME})")
"""What follows the item of a comprehension, with what closes parentheses and an escaped text around the item's end."""
_NAME = re.compile(NAME)
_WORDS = frozenset({"and", "or", "in", "for", "if", "true", "false", "null", "omit"})


@dataclass(frozen=True, slots=True)
class LoopVariable:
    """`p` in `[p.price for p in properties.products]`."""

    comprehension: ast.Comprehension
    declared: Span

    @property
    def name(self) -> str:
        """The name of the variable."""
        return self.comprehension.variable

    def uses(self) -> Iterator[Span]:
        """Every span of its name, the declaration first."""
        yield self.declared
        yield from sorted(_uses(self.comprehension), key=lambda span: span.start)

    def refusal(self, name: str) -> str | None:
        """Why the variable cannot have another name; None where it can."""
        if not is_bare_key(name) or _NAME.fullmatch(name) is None or name in _WORDS:
            return f"expected a name of letters, digits and `_`, found `{name}`"
        if name != self.name and any(_is_named(node, name) for node in walk(self.comprehension)):
            return f"`{name}` has another meaning in this comprehension"
        return None


def variable_at(tree: ast.File, offset: int) -> LoopVariable | None:
    """The variable whose name is at an offset: where it is declared, or where a path begins with it; else None."""
    nodes = around(tree, offset)
    last = nodes[-1] if nodes else None
    for place in range(len(nodes) - 1, -1, -1):
        node = nodes[place]
        if not isinstance(node, ast.Comprehension) or (declared := declaration(node)) is None:
            continue
        if declared.start <= offset <= declared.end:
            return LoopVariable(node, declared)
        inner = nodes[place + 1] if place + 1 < len(nodes) else None
        is_bound = inner is not None and inner is not node.iterable
        if is_bound and isinstance(last, ast.Path) and last.steps[:1] == (node.variable,) and not last.rooted:
            return LoopVariable(node, declared) if offset <= _first_step(last).end else None
    return None


def declaration(node: ast.Comprehension) -> Span | None:
    """The place of the name behind `for`; None if it is not found."""
    match = _FOR.match(node.span.source.text, node.item.span.end, node.iterable.span.start)
    return None if match is None else node.span.within(match.start(1) - node.span.start, match.end(1) - node.span.start)


def _uses(node: ast.Comprehension) -> Iterator[Span]:
    waiting: list[ast.Node] = [node.item, *([] if node.condition is None else [node.condition])]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, ast.Path) and inner.steps[:1] == (node.variable,) and not inner.rooted:
            yield _first_step(inner)
        # A comprehension inside that declares the same name hides this variable.
        if isinstance(inner, ast.Comprehension) and inner.variable == node.variable:
            waiting.append(inner.iterable)
        else:
            waiting += children(inner)


def _first_step(path: ast.Path) -> Span:
    match = _NAME.match(path.span.text)
    return path.span.within(0, match.end() if match else len(path.span.text))


def _is_named(node: ast.Node, name: str) -> bool:
    if isinstance(node, ast.Comprehension):
        return node.variable == name
    return isinstance(node, ast.Path) and node.steps[:1] == (name,) and not node.rooted
