"""Reads a text to nodes and diagnostics; no text raises an exception."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from .. import ast
from ..diagnostics.diagnostic import Diagnostic
from ..source import Place, Source, Span
from .builders.item_builder import ItemBuilder
from .known_names import KnownNames
from .messages import stray_text
from .misplaced import report_misplaced
from .missing_brace import open_body
from .parser import Start, parse
from .splitter import Splitter
from .strings import SURROGATE
from .unfinished_statements import finish_statements

MAX_CHARACTERS = 16_000_000
_NO_NAMES = KnownNames()


class FileReader:
    """Reads a file repeatedly; an item whose text is unchanged keeps its nodes.

    The spans of kept nodes move with their text, so they are always those of the current text.
    """

    def __init__(self, names: KnownNames = _NO_NAMES, is_known: Callable[[Span], bool] | None = None) -> None:
        """With the names of the catalog, a line that is in the wrong place is an error that says where it belongs.

        An item at a place that `is_known` is left unread.
        """
        self._names = names
        self._is_known = is_known
        self._splitter = Splitter()
        self._known: dict[str, list[_Item]] = {}

    def read(self, source: Source) -> tuple[ast.File, list[Diagnostic]]:
        """All items of a rule file that could be read, and all that is wrong with its text."""
        diagnostics = _not_text(source)
        if diagnostics:
            return ast.File(()), diagnostics
        before, self._known = self._known, {}
        spans, comments, stray = self._splitter.cut(source)
        if stray is not None:
            diagnostics += _stray(stray, self._names)
        items: list[ast.Item] = []
        for span in spans:
            if self._is_known is not None and self._is_known(span):
                items.append(ast.Unread(span=span))
                continue
            text = span.text
            item = _moved(before.get(text), span) or _read_item(source, span, self._names)
            self._known.setdefault(text, []).append(item)
            diagnostics.extend(item.diagnostics)
            if item.node is not None:
                items.append(item.node)
        whole = Span(source, 0, len(source.text))
        return ast.File(tuple(items), tuple(comments), span=whole), diagnostics


def _stray(span: Span, names: KnownNames) -> list[Diagnostic]:
    """What is wrong with text before the first item: what it was meant to be, or its first line."""
    misplaced = report_misplaced(span, span.text, names)[1]
    return misplaced or [stray_text(span.within(0, len(span.text.partition("\n")[0])))]


class _Item(NamedTuple):
    """An item that was read, and the place that its spans count from."""

    place: Place
    node: ast.Item | None
    diagnostics: list[Diagnostic]


def _moved(known: list[_Item] | None, span: Span) -> _Item | None:
    """One of the items of this text that are not in use yet, put where the text stands now."""
    if not known:
        return None
    item = known.pop(0)
    item.place.source = span.source
    item.place.offset = span.start
    return item


def _read_item(source: Source, span: Span, names: KnownNames) -> _Item:
    place = Place(source, span.start)
    stretch = Span(place, 0, span.end - span.start)
    text, diagnostics = open_body(stretch, stretch.text)
    text, misplaced = report_misplaced(stretch, text, names)
    diagnostics += misplaced
    if not text.strip():
        return _Item(place, None, diagnostics)
    text, unfinished = finish_statements(stretch, text, names.fields_of)
    tree, problems = parse(stretch, "item", text)
    diagnostics += [*unfinished, *problems]
    node = None if tree is None else _reader(stretch, diagnostics).item(tree)
    diagnostics.sort(key=lambda diagnostic: diagnostic.span.start)
    return _Item(place, node, diagnostics)


def read_item(span: Span, names: KnownNames = _NO_NAMES) -> ast.Item | None:
    """The item at a span that `read_file` gave to one; None if it cannot be read."""
    return _read_item(span.source, span, names).node


def read_file(source: Source, names: KnownNames = _NO_NAMES) -> tuple[ast.File, list[Diagnostic]]:
    """All items of a rule file that could be read, and all that is wrong with its text."""
    return FileReader(names).read(source)


def read_expression(source: Source) -> tuple[ast.Expression | None, list[Diagnostic]]:
    """The expression of a text, None if it cannot be read, and the diagnostics."""
    return _read(source, "expression")


def read_trigger(source: Source) -> tuple[ast.Expression | None, list[Diagnostic]]:
    """The trigger of a text, None if it cannot be read, and the diagnostics. As in FQL, no text has placeholders."""
    return _read(source, "trigger")


def _read(source: Source, start: Start) -> tuple[ast.Expression | None, list[Diagnostic]]:
    diagnostics = _not_text(source)
    if diagnostics:
        return None, diagnostics
    return _read_part(Span(source, 0, len(source.text)), start, diagnostics), diagnostics


def _read_part(
    span: Span, start: Start, diagnostics: list[Diagnostic], text: str | None = None, depth: int = 0
) -> ast.Expression | None:
    tree, problems = parse(span, start, text)
    diagnostics.extend(problems)
    if tree is None:
        return None
    reader = _reader(span, diagnostics, depth)
    part = tree.children[0]
    return reader.trigger(part) if start == "trigger" else reader.expression(part)


def _reader(span: Span, diagnostics: list[Diagnostic], depth: int = 0) -> ItemBuilder:
    def parse_placeholder(placeholder: Span, text: str, depth: int) -> ast.Expression | None:
        return _read_part(placeholder, "expression", diagnostics, text, depth)

    return ItemBuilder(span, parse_placeholder, diagnostics, depth)


def _not_text(source: Source) -> list[Diagnostic]:
    if len(source.text) > MAX_CHARACTERS:
        return [
            Diagnostic(
                "RW0003",
                f"the file has {len(source.text):,} characters; {MAX_CHARACTERS:,} is the limit",
                Span(source, 0, 0),
                help=("divide the rules among files that are compiled separately",),
            )
        ]
    if not source.text.isascii() and (half := SURROGATE.search(source.text)) is not None:
        message = f"the text holds half of a character, `\\u{ord(half[0]):04x}`"
        return [Diagnostic("RW0002", message, Span(source, *half.span()))]
    nul = source.text.find("\0")
    if nul >= 0:
        return [Diagnostic("RW0002", "the file holds a NUL byte, so it is not text", Span(source, nul, nul + 1))]
    return []
