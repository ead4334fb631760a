"""Text to syntax tree, by Lark; the only room that imports it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Literal, NamedTuple, TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from ..diagnostics.diagnostic import Diagnostic
from ..source import Span
from .messages import Unexpected, explain, unknown_item
from .nesting import MAX_BRACKETS, too_deep
from .recovery import recover

SyntaxTree: TypeAlias = Tree[Token]
Start: TypeAlias = Literal["item", "trigger", "expression"]

_MAX_ERRORS = 20
_ROWS = ("PLAIN_FIELDS", "PLAIN_ENTRIES")


@cache
def _parser() -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        lexer="contextual",
        start=["item", "trigger", "expression"],
        propagate_positions=True,
        maybe_placeholders=False,
    )


def parse(span: Span, start: Start, written: str | None = None) -> tuple[SyntaxTree | None, list[Diagnostic]]:
    """The tree of a stretch of text, its offsets counted from the stretch's start, and what is wrong in it.

    After an error, what is wrong is mended or blanked out and the rest is read again, so that one run shows all errors
    and the tree holds all that could be read. No text raises. `written` is what is read in place of the span's own
    text, and as long.
    """
    text = span.text if written is None else written
    deep = too_deep(text)
    if deep is not None:
        message = f"brackets and signs are nested more than {MAX_BRACKETS:,} deep here"
        place = span.within(deep, deep + 1)
        return None, [Diagnostic("RW0104", message, place, help=("take a part out into a simpler rule",))]
    unknown = unknown_item(span, text) if start == "item" else None
    if unknown is not None:
        return None, [unknown]
    diagnostics: list[Diagnostic] = []
    while True:
        try:
            return _parser().parse(text, start=start), diagnostics
        except UnexpectedInput as error:
            unexpected = _unexpected(error, text)
            diagnostics.append(explain(span, text, unexpected))
            rest = recover(text, unexpected)
            if rest is None or len(diagnostics) == _MAX_ERRORS:
                return None, diagnostics
            text = rest


def _unexpected(error: UnexpectedInput, text: str) -> Unexpected:
    accepted = frozenset(error.interactive_parser.accepts())  # type: ignore[no-untyped-call]
    if isinstance(error, UnexpectedCharacters):
        start = error.pos_in_stream or 0
        return Unexpected(start, start + 1, "", accepted)
    token = getattr(error, "token", None)
    if token is None or token.type == "$END":
        return Unexpected(len(text), len(text), "$END", accepted)
    # Of a row of fields the first is what was not expected.
    row = _plain().match(token) if token.type in _ROWS else None
    return Unexpected(token.start_pos, token.start_pos + row.end() if row else token.end_pos, token.type, accepted)


class Plain(NamedTuple):
    """A field or an entry whose value is a path, a number or a text alone; offsets as its token has them."""

    name: str
    value: str
    start: int
    name_end: int
    value_start: int
    end: int


def plain_parts(token: Token) -> Iterator[Plain]:
    """The fields or entries that a token is a row of."""
    offset = token.start_pos or 0
    for match in _plain().finditer(token):
        name, value = match["name"], match["value"]
        start, end = offset + match.start("name"), offset + match.end()
        yield Plain(name, value, start, start + len(name), end - len(value), end)


@cache
def _plain() -> re.Pattern[str]:
    """One of a row, with what stands before it: the values are as the grammar has them."""
    value = "|".join(_parser().get_terminal(name).pattern.to_regexp() for name in ("PATH", "NUMBER", "STRING"))
    return re.compile(rf"(?:[\s\ufeff,]|\#[^\n]*)*+(?P<name>(?:[^\\=:\s]++|\\.)+)\s*[=:]\s*(?P<value>{value})")
