"""Cuts a rule file into items and comments by its brackets and line starts, so that each item can be parsed alone."""

from __future__ import annotations

import re
from itertools import pairwise

from .ast import Comment
from .diagnostics import suggest
from .source import Source, Span
from .syntax_errors import ITEM_WORDS

_GAP = r"(?:\s|\#[^\n]*\n)"
_ITEM = (
    rf"(?:(?:destination|defaults|drop|keep)(?={_GAP}+[\w\\$])|settings(?={_GAP}*\{{)|source(?={_GAP}+schema\b)"
    rf"|(?:test|mapping)(?={_GAP}*[\"'“]|{_GAP}+\w[^\n=]*(?:->|\{{))|include(?={_GAP}*[\"'“./\w])"
    rf"|disabled(?:[^\S\n]+mapping|(?={_GAP}+mapping\b)))"
)
_PIECE = re.compile(
    r"(?P<string>\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*')"
    r"|(?P<comment>\#[^\n]*)|\\."
    r"|(?P<open>[{(\[])|(?P<close>[})\]])"
    rf"|(?P<item>(?m:^)[ \t\ufeff]*(?P<word>{_ITEM}))"
    # Two words side by side begin no line of an expression: this is an item whose word is not known.
    r"|(?P<unknown>(?m:^)(?!(?:and|or|in|when)\b)[^\W\d][\w-]*(?=[^\S\n]+(?!(?:and|or|in)\b)[\"'“\w{]))"
)
_NOTHING = re.compile(r"(?:[\s\ufeff]+|#[^\n]*)*+")
_ANY_ITEM_AT_MARGIN = re.compile(r"(?:disabled\s+)?mapping\s+[\"'][^\n]*->|test\s+[\"'][^\n]*\{|defaults\s+\w+\s*\{")


def cut(source: Source) -> tuple[list[Span], list[Comment], Span | None]:
    """All items and comments of a file, in order, and the text before the first item where there is any.

    An item that opens at the margin of a line starts a new piece even inside open brackets: whoever forgot a closing
    brace is told of one error, not of a file full of them.
    """
    text = source.text
    starts: list[int] = []
    comments: list[Comment] = []
    depth = 0
    disabled = False
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "comment":
            comments.append(_comment(source, piece.start(), piece.end()))
        elif kind == "unknown" and depth == 0 and _stands_apart(text, piece.start(), piece["unknown"]):
            starts.append(piece.start())
        elif kind == "item":
            start = piece.start("word")
            if disabled:
                disabled = False
                continue
            disabled = piece["word"] == "disabled"
            if depth == 0 or (start == piece.start() and _ANY_ITEM_AT_MARGIN.match(text, start)):
                starts.append(start)
                depth = 0
    edges = [*starts, len(text)]
    items = [Span(source, start, _trimmed(text, start, end)) for start, end in pairwise(edges)]
    return items, comments, _stray(source, edges[0])


def _trimmed(text: str, start: int, end: int) -> int:
    """The end without the blanks before it, but for one behind a backslash, which belongs to a name."""
    trimmed = start + len(text[start:end].rstrip())
    return trimmed + 1 if trimmed < end and text[trimmed - 1] == "\\" else trimmed


def _stands_apart(text: str, start: int, word: str) -> bool:
    """Whether what stands before is over: a brace closed it, or a blank line; or the word is nearly one of an item."""
    before = start - 1
    while before >= 0 and text[before].isspace():
        before -= 1
    over = before < 0 or text[before] == "}" or text.count("\n", before, start) > 1
    return over or suggest(word, ITEM_WORDS) is not None


def _comment(source: Source, start: int, end: int) -> Comment:
    text = source.text[start + 1 : end].rstrip()
    line_start = source.text.rfind("\n", 0, start) + 1
    alone = not source.text[line_start:start].strip(" \t\ufeff")
    return Comment(text.removeprefix(" "), alone, span=Span(source, start, end))


def _stray(source: Source, end: int) -> Span | None:
    """The first line before the first item that is neither blank nor comment."""
    nothing = _NOTHING.match(source.text)
    start = nothing.end() if nothing else 0
    if start >= end:
        return None
    line_end = source.text.find("\n", start)
    return Span(source, start, line_end if 0 <= line_end < end else end)
