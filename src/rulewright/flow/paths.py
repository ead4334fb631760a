"""Paths of the event as text, both ways, in the form of filters, with `[]` for every item of a list."""

from __future__ import annotations

from ..dsl import ast
from ..dsl.ast import EventPath
from ..dsl.source import Source
from ..dsl.syntax.paths import write_filter_path
from ..dsl.syntax.reader import read_file


def path_text(steps: EventPath) -> str:
    """A path as text: `properties.products[].price`."""
    return write_filter_path(steps, rooted=not steps)


def read_path(text: str) -> EventPath:
    """The steps of a path as an author writes it. Raises ValueError for other text."""
    if text.strip() == "$":
        return ()
    return path_node(text).steps


def path_node(text: str) -> ast.FilterPath:
    """The node of a path as in a filter. Raises ValueError for text that is not one path."""
    tree, diagnostics = read_file(Source("<path>", f"drop {text}"))
    match tree.items:
        case (ast.Strip(paths=(path,), condition=None),) if not diagnostics:
            return path
    raise ValueError(f"expected a path such as `traits.email`, found `{text}`")
