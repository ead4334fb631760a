"""Parses text to a syntax tree with Lark; the only module that imports it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, TypeAlias

import lark
from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from ..diagnostics.diagnostic import Diagnostic, Fix
from ..lexis import COMMENT, ESCAPED, NUMBER, PATH, STRING, terminals
from ..source import Span
from . import separators
from .messages import syntax_error, unknown_item
from .nesting import MAX_BRACKETS, too_deep
from .outline import Outline
from .recovery import last_statement, recover, without_statement

if TYPE_CHECKING:
    from .other_languages.habits import Mistake
from .unexpected import Unexpected

SyntaxTree: TypeAlias = Tree[Token]
Start: TypeAlias = Literal["item", "trigger", "expression"]

_MAX_ERRORS = 20
_EXPECT = re.compile(r"\bexpect\s+\w*\Z")
_MISREAD = re.compile(
    r"(?<![\w.\\-])[nN][oO][tT][ \t]+(?=[\w\"'(!])|(?<![-\w])--(?=[ \t])"
    r"|(?<![\w.$\\\"'{%@/])\$(?=[^\W\d][\w.]*+(?!\s*[:\[]))"
    r"|\n[ \t]*-[ \t]+(?=(?:use|when|on)\b|[^\W\d][\w-]*[ \t]*=(?!=))"
)
_LIST_ITEM = re.compile(r"\n[ \t]*-")
_ROWS = ("PLAIN_FIELDS", "PLAIN_ENTRIES")


class TableStore(Protocol):
    """Keeps the tables of the grammar between processes, by a name that depends on what they are made from."""

    def find(self, name: str) -> bytes | None:
        """The tables with this name; None if there are none, or none that can be trusted."""

    def keep(self, name: str, tables: bytes) -> None:
        """Keeps tables under this name, if that is possible."""


_store: TableStore | None = None


def keep_tables_in(store: TableStore) -> None:
    """Let parsers read their tables from a store, which takes a tenth of the time of making them."""
    global _store
    _store = store


@cache
def _parser() -> Lark:
    name = f"lark {lark.__version__}"
    tables = None if _store is None else _store.find(name)
    if tables is not None:
        return Lark.load(BytesIO(tables))
    parser = _made()
    if _store is not None:
        file = BytesIO()
        parser.save(file)
        _store.keep(name, file.getvalue())
    return parser


def _made() -> Lark:
    grammar = resources.files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar + terminals(),
        parser="lalr",
        lexer="contextual",
        start=["item", "trigger", "expression"],
        propagate_positions=True,
        maybe_placeholders=False,
    )


def parse(span: Span, start: Start, written: str | None = None) -> tuple[SyntaxTree | None, list[Diagnostic]]:
    """Parse a part of a text; returns its tree, with offsets from the start of the part, and the diagnostics.

    After an error, the wrong part is repaired or blanked out and the rest is read again, so that one run shows up to 20
    errors and the tree holds everything that could be read. The tree is None if nothing could be, or after 20 errors.
    No text raises. `written` is a text of the same length that is read in place of the span's own.
    """
    text = span.text if written is None else written
    deep = too_deep(text)
    if deep is not None:
        message = f"brackets and signs are nested more than {MAX_BRACKETS:,} deep here"
        place = span.within(deep, deep + 1)
        return None, [Diagnostic("RW0104", message, place, help=("move a part into a simpler rule",))]
    unknown = unknown_item(span, text) if start == "item" else None
    if unknown is not None:
        return None, [unknown]
    diagnostics: list[Diagnostic] = []
    text = _without_misreadings(span, text, diagnostics)
    while True:
        try:
            return _parser().parse(text, start=start), diagnostics
        except UnexpectedInput as error:
            rest = _without_error(span, text, _unexpected(error, text), diagnostics)
            if rest is None or len(diagnostics) == _MAX_ERRORS:
                return None, diagnostics
            text = rest


def _without_error(span: Span, text: str, unexpected: Unexpected, diagnostics: list[Diagnostic]) -> str | None:
    """The text with its first error repaired or blanked out, and the error added to the diagnostics."""
    accepted = unexpected.accepted
    separated = separators.certain_separator(span, text, unexpected)
    has_own_message = accepted & {"NOTHING", "ARROW"} or accepted >= {"FOR", "EXPECT"}
    mistake = None if has_own_message or separated else _mistake(text, unexpected.start)
    separated = separated or (None if mistake else separators.likely_separator(span, text, unexpected))
    if separated is not None:
        diagnostics.append(separated.diagnostic)
        return separated.text or recover(text, unexpected)
    if mistake is not None:
        diagnostics.append(_diagnostic(span, mistake))
        return _mended(text, mistake) or without_statement(text, unexpected.start)
    diagnostic = syntax_error(span, text, unexpected)
    if not any(_is_same(known, diagnostic) for known in diagnostics):
        diagnostics.append(diagnostic)
    return recover(text, unexpected)


def _without_misreadings(span: Span, text: str, diagnostics: list[Diagnostic]) -> str:
    """The text without what the grammar takes for something else: `not` is a path, `$` the event, `-` a sign."""
    if not _may_be_misread(text) or _MISREAD.search(text) is None:
        return text
    outline = Outline(text)
    position = 0
    while len(diagnostics) < _MAX_ERRORS and (match := _MISREAD.search(text, position)):
        position = match.end()
        offset = match.start() + len(match[0]) - len(match[0].lstrip())
        mistake = None if outline.is_quoted(offset) else _mistake(text, offset)
        mended = None if mistake is None else _mended(text, mistake)
        if mended is not None and mistake is not None:
            diagnostics.append(_diagnostic(span, mistake))
            text = mended
    return text


def _may_be_misread(text: str) -> bool:
    """Whether anything that `_MISREAD` begins with is in a text: a search for it looks at each character many times."""
    return "$" in text or "--" in text or "not" in text.lower() or _LIST_ITEM.search(text) is not None


def _mistake(text: str, offset: int) -> Mistake | None:
    """The habit of another language at an offset, in the statement that holds it."""
    if _EXPECT.search(text, 0, offset):
        return None
    from .other_languages.habits import mistake_at  # many patterns, which only a mistake needs

    start = last_statement(text, offset) or 0
    return mistake_at(text, text.rfind("\n", 0, start) + 1, offset)


def _is_same(first: Diagnostic, second: Diagnostic) -> bool:
    return (first.span.start, first.message) == (second.span.start, second.message)


def _diagnostic(span: Span, mistake: Mistake) -> Diagnostic:
    """With a fix, unless an earlier error changed the text that it replaces."""
    start, end = mistake.edit
    place = span.within(start, end)
    fix = None
    if mistake.replacement is not None and place.text == mistake.text:
        fix = Fix(place, mistake.replacement, mistake.help)
    return Diagnostic("RW0101", mistake.message, span.within(*mistake.place), help=(mistake.help,), fix=fix)


def _mended(text: str, mistake: Mistake) -> str | None:
    """The text with what a mistake is written as, every character behind it where it was; None where it is longer."""
    start, end = mistake.edit
    # `or` serves like `and` for finding the errors after it, and no longer than `&&`.
    replacement = "or" if mistake.text == "&&" else mistake.replacement
    if replacement is None or len(replacement) > end - start:
        return None
    mended = f"{text[:start]}{replacement:{end - start}}{text[end:]}"
    return None if mended == text else mended


def _unexpected(error: UnexpectedInput, text: str) -> Unexpected:
    accepted = frozenset(error.interactive_parser.accepts())  # type: ignore[no-untyped-call]
    if isinstance(error, UnexpectedCharacters):
        start = error.pos_in_stream or 0
        return Unexpected(start, start + 1, "", accepted)
    token = getattr(error, "token", None)
    if token is None or token.type == "$END":
        return Unexpected(len(text), len(text), "$END", accepted)
    # Of a row of fields the first is what was not expected.
    row = _PLAIN.match(token) if token.type in _ROWS else None
    return Unexpected(token.start_pos, token.start_pos + row.end() if row else token.end_pos, token.type, accepted)


class PlainEntry(NamedTuple):
    """A field or an entry whose value is only a path, a number or a text; offsets count as those of its token do."""

    name: str
    value: str
    start: int
    name_end: int
    value_start: int
    end: int


def plain_parts(token: Token) -> Iterator[PlainEntry]:
    """The fields or entries that a token is a row of."""
    offset = token.start_pos or 0
    for match in _PLAIN.finditer(token):
        name, value = match["name"], match["value"]
        start, end = offset + match.start("name"), offset + match.end()
        yield PlainEntry(name, value, start, start + len(name), end - len(value), end)


_PLAIN = re.compile(
    rf"(?:[\s\ufeff,]|{COMMENT})*+(?P<name>(?:[^\\=:\s]++|{ESCAPED})+)\s*[=:]\s*(?P<value>{PATH}|{NUMBER}|{STRING})"
)
"""One of a row of fields or entries, with the text before it."""
