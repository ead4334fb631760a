"""The kind of each token of a text; for unfinished text, as far as it can be known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from ..dsl import ast
from ..dsl.lexis import COMMENT, FILTER_PATH, NUMBER, STRING
from ..dsl.source import Span
from .nodes import children, walk
from .variables import LoopVariable, declaration

Kind = Literal[
    "comment", "string", "number", "operator", "keyword", "constant",
    "mapping", "test", "action", "field", "key", "function", "path", "variable",
]  # fmt: skip

_TOKEN = re.compile(
    rf"(?P<comment>{COMMENT})|(?P<string>{STRING})|(?P<number>{NUMBER})|(?P<name>{FILTER_PATH})"
    r"|(?P<operator>->|[!<>]=|[=<>!+*/-])|[^\w\s]|\s+|\w"
)
_CONSTANTS = frozenset({"true", "false", "null", "omit"})


class Highlight(NamedTuple):
    """A token by its offsets, and what it is."""

    start: int
    end: int
    kind: Kind


class HighlightedPart(NamedTuple):
    """An item, or what is between two items; the same object as long as its text is the same."""

    start: int
    tokens: list[Highlight]
    """By offsets from the start of the part."""


class Highlighter:
    """Finds the tokens of a file repeatedly, and reuses those of unchanged items."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[ast.Item, list[Highlight]]] = {}

    def parts(self, tree: ast.File, text: str) -> Iterator[HighlightedPart]:
        """The parts of a text in order, by its items that can be read."""
        if len(self._known) > 2 * len(tree.items) + 100:
            self._known.clear()
        end = 0
        starts = [*(item.span.start for item in tree.items), len(text)]
        for item, limit in zip(tree.items, starts[1:], strict=True):
            start = item.span.start
            yield HighlightedPart(end, list(_scan(text[end:start], {})))
            kept = self._known.get(id(item))
            if kept is None:
                kept = self._known[id(item)] = item, _of_item(item)
            # An unfinished item may end behind the start of the next one.
            end = min(item.span.end, limit)
            yield HighlightedPart(start, kept[1] if end == item.span.end else _before(end - start, kept[1]))
        yield HighlightedPart(end, list(_scan(text[end:], {})))


def _before(end: int, tokens: list[Highlight]) -> list[Highlight]:
    """The tokens, or what there is of them, before an offset."""
    return [token._replace(end=min(token.end, end)) for token in tokens if token.start < end]


def highlights(tree: ast.File, text: str) -> list[Highlight]:
    """The tokens of a text in order, by their offsets."""
    parts = Highlighter().parts(tree, text)
    return [Highlight(at + token.start, at + token.end, token.kind) for at, tokens in parts for token in tokens]


def _of_item(item: ast.Item) -> list[Highlight]:
    """The tokens of an item, by offsets from its start."""
    span = item.span
    known = {start - span.start: (kind, end - span.start) for start, end, kind in _known(item)}
    return list(_scan(span.text, known))


def _scan(text: str, known: dict[int, tuple[Kind, int]], start: int = 0, end: int | None = None) -> Iterator[Highlight]:
    """The tokens of a part of a text; `known` has the kinds of those that begin at a place, and their ends."""
    at, end = start, len(text) if end is None else end
    while at < end and (token := _TOKEN.match(text, at, end)) is not None:
        kind, stop = known.get(at, (None, token.end()))
        # An unfinished item is read with an end that its text does not have.
        stop = min(stop, end)
        group = token.lastgroup
        if group == "string":
            stop = token.end()
            yield from _string(text, Highlight(at, stop, kind or "string"), known)
        elif group == "name" and kind is None:
            # A hyphen or a bracket behind a word of the language is not part of a path.
            word = re.match(r"\w+", token[0])
            stop = at + len(word[0]) if word else token.end()
            plain = word is not None and word[0] == token[0]
            yield Highlight(at, stop, "constant" if plain and token[0] in _CONSTANTS else "keyword")
        elif kind is not None or group is not None:
            yield Highlight(at, stop, kind or group)  # type: ignore[arg-type]
        at = max(stop, at + 1)


def _string(text: str, whole: Highlight, known: dict[int, tuple[Kind, int]]) -> Iterator[Highlight]:
    """A text, cut by the expressions in its placeholders."""
    at = whole.start
    for placeholder in re.finditer(r"\{\{(.*?)\}\}", text[whole.start : whole.end]):
        start, end = whole.start + placeholder.start(1), whole.start + placeholder.end(1)
        if not any(start <= place < end for place in known):
            continue
        yield Highlight(at, start, whole.kind)
        yield from _scan(text, known, start, end)
        at = end
    yield Highlight(at, whole.end, whole.kind)


def _known(item: ast.Item) -> Iterator[Highlight]:
    """What only the tree says: which word is a field, which one a path."""
    for node in reversed(list(walk(item))):
        yield from _names(node)
    for node in walk(item):
        if isinstance(node, ast.Comprehension) and (named := declaration(node)) is not None:
            for span in LoopVariable(node, named).uses():
                yield _whole(span, "variable")


def _names(node: ast.Node) -> Iterator[Highlight]:
    match node:
        case ast.Mapping():
            yield _whole(node.name_span, "mapping")
            yield _whole(node.action_span, "action")
        case ast.Test() | ast.Law() | ast.Case():
            yield from _first(node.span, STRING, "test")
        case ast.Expect(mapping=str()):
            yield from _first(node.span, STRING, "mapping")
        case ast.Destination() | ast.Defaults():
            yield from _first(node.span, r"(?<=\s)\w+", "action")
        case ast.OnConflict():
            yield from _first(node.span, r"\w+\Z", "constant")
        case ast.Assign():
            yield _whole(node.field_span, "field")
        case ast.Call():
            yield _whole(node.name_span, "function")
        case ast.Settings(entries):
            for entry in entries:
                yield from _first(entry.span, r"\w+", "field")
        case ast.Entry():
            yield from _first(node.span, rf"{STRING}|[\w$-]+", "key")
        case ast.Path() | ast.FilterPath():
            yield _whole(node.span, "path")
            # Behind the first name, for a path that begins with a variable.
            name = re.match(r"[^\W\d]\w*(?=[.\[])", node.span.text)
            if name is not None:
                yield Highlight(node.span.start + name.end(), node.span.end, "path")
        case ast.Access():
            start = max((child.span.end for child in children(node)), default=node.span.start)
            yield Highlight(start, node.span.end, "path")
        case _:
            pass


def _whole(span: Span, kind: Kind) -> Highlight:
    return Highlight(span.start, span.end, kind)


def _first(span: Span, pattern: str, kind: Kind) -> Iterator[Highlight]:
    match = re.search(pattern, span.text)
    if match is not None:
        yield Highlight(span.start + match.start(), span.start + match.end(), kind)
