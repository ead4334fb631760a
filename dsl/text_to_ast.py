"""The way through this room, from a text to nodes and diagnostics; no text raises."""

from __future__ import annotations

from . import ast
from .diagnostics import Diagnostic
from .source import Source, Span
from .text_to_items import cut
from .text_to_tree import Start, parse
from .tree_to_items import ItemReader

MAX_CHARACTERS = 16_000_000


def read_file(source: Source) -> tuple[ast.File, list[Diagnostic]]:
    """All items of a rule file that could be read, and all that is wrong with its text."""
    diagnostics = _not_text(source)
    if diagnostics:
        return ast.File(()), diagnostics
    spans, comments, stray = cut(source)
    if stray is not None:
        diagnostics.append(
            Diagnostic(
                "RW0101",
                "a file begins with an item such as `destination` or `mapping`, and this is none",
                stray,
                help=('write `mapping "Name" -> action { … }`',),
            )
        )
    items = []
    for span in spans:
        item = _read_item(span, diagnostics)
        if item is not None:
            items.append(item)
    whole = Span(source, 0, len(source.text))
    return ast.File(tuple(items), tuple(comments), span=whole), diagnostics


def read_expression(source: Source) -> tuple[ast.Expression | None, list[Diagnostic]]:
    """The expression that a text is, where it is one."""
    return _read(source, "expression")


def read_trigger(source: Source) -> tuple[ast.Expression | None, list[Diagnostic]]:
    """The trigger that a text is, where it is one; as in FQL, its texts have no holes."""
    return _read(source, "trigger")


def _read(source: Source, start: Start) -> tuple[ast.Expression | None, list[Diagnostic]]:
    diagnostics = _not_text(source)
    if diagnostics:
        return None, diagnostics
    return _read_part(Span(source, 0, len(source.text)), start, diagnostics), diagnostics


def _read_item(span: Span, diagnostics: list[Diagnostic]) -> ast.Item | None:
    tree, found = parse(span, "item")
    diagnostics.extend(found)
    return None if tree is None else _reader(span, diagnostics).item(tree)


def _read_part(
    span: Span, start: Start, diagnostics: list[Diagnostic], text: str | None = None
) -> ast.Expression | None:
    tree, found = parse(span, start, text)
    diagnostics.extend(found)
    if tree is None:
        return None
    reader = _reader(span, diagnostics)
    part = tree.children[0]
    return reader.trigger(part) if start == "trigger" else reader.expression(part)


def _reader(span: Span, diagnostics: list[Diagnostic]) -> ItemReader:
    def parse_hole(hole: Span, text: str) -> ast.Expression | None:
        return _read_part(hole, "expression", diagnostics, text)

    return ItemReader(span.source, span.start, parse_hole, diagnostics)


def _not_text(source: Source) -> list[Diagnostic]:
    if len(source.text) > MAX_CHARACTERS:
        size = f"{len(source.text) / 1e6:.0f} million characters; {MAX_CHARACTERS / 1e6:.0f} million is the limit"
        return [
            Diagnostic(
                "RW0003",
                f"the file has {size}",
                Span(source, 0, 0),
                help=("split it, and `include` the parts",),
            )
        ]
    nul = source.text.find("\0")
    if nul >= 0:
        return [Diagnostic("RW0002", "the file holds a NUL byte, so it is no text", Span(source, nul, nul + 1))]
    return []
