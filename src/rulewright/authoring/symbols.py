"""The items of a file, and what belongs together in it: outline, folding, definitions, references."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ..dsl import ast
from ..dsl.lexis import STRING
from ..dsl.source import Source, Span
from ..dsl.syntax.reader import read_file


class Symbol(NamedTuple):
    """An item of the outline, by offsets: the whole of it, and its name."""

    name: str
    kind: Literal["mapping", "test", "law", "filter", "settings", "include", "destination"]
    detail: str
    span: Span
    name_span: Span
    children: tuple[Symbol, ...] = ()


def tree_of(text: str, name: str = "<text>") -> ast.File:
    """The items of a text that can be read."""
    return read_file(Source(name, text))[0]


def outline(tree: ast.File) -> Iterator[Symbol]:
    """The items of a file, mappings with their fields."""
    for item in tree.items:
        match item:
            case ast.Mapping(name, action, body):
                fields = tuple(
                    Symbol(statement.field, "settings", "", statement.span, statement.field_span)
                    for statement in body
                    if isinstance(statement, ast.Assign)
                )
                yield Symbol(name, "mapping", action, item.span, item.name_span, fields)
            case ast.Test(name):
                yield Symbol(name, "test", "", item.span, item.span)
            case ast.Law(name):
                yield Symbol(name, "law", "", item.span, item.span)
            case ast.Drop() | ast.Strip() | ast.Keep():
                yield Symbol(" ".join(item.span.text.split()), "filter", "", item.span, item.span)
            case ast.Settings():
                yield Symbol("settings", "settings", "", item.span, item.span)
            case ast.Include(path):
                yield Symbol(path, "include", "", item.span, item.span)
            case ast.Destination(name):
                yield Symbol(str(name), "destination", "", item.span, item.span)
            case _:
                pass


def names_of_mappings(tree: ast.File) -> list[str]:
    """The names of mappings, in the order of the file."""
    return [item.name for item in tree.items if isinstance(item, ast.Mapping)]


def mapping_at(tree: ast.File, offset: int) -> str | None:
    """The name of the mapping that is named at an offset, in its head or where a test expects it; else None."""
    for name, span in uses_of_mappings(tree):
        if span.start <= offset <= span.end:
            return name
    return None


def uses_of_mappings(tree: ast.File) -> Iterator[tuple[str, Span]]:
    """Every place at which a mapping's name is written, quotes included; its own head first."""
    for item in tree.items:
        if isinstance(item, ast.Mapping):
            yield item.name, item.name_span
    for item in tree.items:
        if isinstance(item, ast.Test | ast.Law):
            for statement in item.body:
                expectations = statement.expectations if isinstance(statement, ast.Case) else (statement,)
                for expectation in expectations:
                    if isinstance(expectation, ast.Expect) and expectation.mapping is not None:
                        quoted = re.search(STRING, expectation.span.text)
                        if quoted is not None:
                            start = expectation.span.start + quoted.start()
                            yield expectation.mapping, Span(expectation.span.source, start, start + len(quoted[0]))


def include_at(tree: ast.File, offset: int) -> str | None:
    """The path that the `include` or `source schema` at an offset names; None if there is neither."""
    for item in tree.items:
        if isinstance(item, ast.Include | ast.SourceSchema) and item.span.start <= offset <= item.span.end:
            return item.path
    return None


def folds(text: str, tree: ast.File) -> Iterator[tuple[int, int]]:
    """The first and last lines, from 0, of items over several lines and of blocks of comments, which can be folded."""
    for item in tree.items:
        first, last = item.span.source.position(item.span.start)[0], item.span.source.position(item.span.end)[0]
        if last > first:
            yield first - 1, last - 1
    lines = text.split("\n")
    start = None
    for number, line in enumerate([*lines, ""]):
        if line.lstrip().startswith("#"):
            start = number if start is None else start
        elif start is not None:
            if number - start > 1:
                yield start, number - 1
            start = None
