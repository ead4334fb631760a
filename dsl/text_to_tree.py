"""Text to syntax tree, by Lark; the only room that imports it."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from .diagnostics import Diagnostic
from .nesting import MAX_BRACKETS, too_deep
from .recovery import recover
from .source import Span
from .syntax_errors import Unexpected, explain, unknown_item

SyntaxTree: TypeAlias = Tree[Token]
Start: TypeAlias = Literal["item", "trigger", "expression"]

_MAX_ERRORS = 20
_PLAIN = re.compile(r"(?P<name>(?:\\.|[^\\=:\s])+)\s*[=:]\s*(?P<value>.+)", re.DOTALL)


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
    return Unexpected(token.start_pos, token.end_pos, token.type, accepted)


class Word(str):
    """A part of a token, with what a reader asks of a token."""

    __slots__ = ("end_pos", "start_pos", "type")

    def __new__(cls, kind: str, text: str, start: int) -> Word:
        word = super().__new__(cls, text)
        word.type = kind
        word.start_pos = start
        word.end_pos = start + len(text)
        return word

    type: str
    start_pos: int
    end_pos: int


def name_and_value(token: Token) -> list[Word]:
    """The name and the value of a field or an entry that is one token."""
    match = _PLAIN.fullmatch(token)
    assert match is not None
    name, value = match["name"], match["value"]
    start = token.start_pos or 0
    return [
        Word("FIELD" if token.type == "PLAIN_FIELD" else "KEY", name, start),
        Word("PLAIN_VALUE", value, start + match.start("value")),
    ]
