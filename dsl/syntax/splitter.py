"""Cuts a rule file into items and comments by its brackets and line starts, so that each item can be parsed alone."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Container
from dataclasses import dataclass, field
from itertools import pairwise

from ..ast import Comment
from ..diagnostics.diagnostic import suggest
from ..lexis import BRACKET, COMMENT, ESCAPED, STRING
from ..source import Source, Span
from .messages import ITEM_WORDS

_GAP = rf"(?:\s|{COMMENT}\n)"
_ITEM = (
    rf"(?:language(?={_GAP}+\d)|(?:destination|defaults)(?={_GAP}+[\w\\$])|(?:drop|keep)(?={_GAP}+[\w\\$*])"
    rf"|settings(?={_GAP}*\{{|[ \t]*:?[ \t]*(?:{COMMENT})?\n)|source(?={_GAP}+schema\b)"
    rf"|(?:test|law|mapping)(?={_GAP}*[\"'“]|{_GAP}+\w[^\n=]*(?:->|\{{))|include(?={_GAP}*[\"'“./\w])"
    rf"|disabled(?:[^\S\n]+mapping|(?={_GAP}+mapping\b)))"
)
_WORDS = "|".join(ITEM_WORDS)
_PLAIN = r"[^\"'#\\{(\[})\]\n]*+"
_PIECE = re.compile(
    rf"(?P<item>(?m:^)[ \t\ufeff]*(?P<word>{_ITEM}))"
    # Two words side by side begin no line of an expression: this is an item whose word is not known.
    r"|(?P<unknown>(?m:^)(?!(?:and|or|in|when)\b)[^\W\d][\w-]*(?=[^\S\n]+(?!(?:and|or|in)\b)[\"'“\w{]))"
    # Everything else is skipped as far as it does not matter here: texts, brackets that close at once, and lines that
    # begin neither of the above.
    rf"|(?:{_PLAIN}(?:{STRING}|{ESCAPED}|[(\[{{]{_PLAIN}[)\]}}]|\n(?=[ \t])(?![ \t\ufeff]*+(?:{_WORDS}))))*+"
    rf"{_PLAIN}(?:(?P<comment>{COMMENT})|{BRACKET}|[\"'\\\n]|\Z)"
)
_NOTHING = re.compile(rf"(?:[\s\ufeff]+|{COMMENT})*+")
_ANY_ITEM_AT_MARGIN = re.compile(
    r"(?:disabled\s+)?mapping\s+[\"'][^\n]*->|(?:test|law)\s+[\"'][^\n]*\{|defaults\s+\w+\s*\{"
)


class Splitter:
    """Splits a file repeatedly; after a change, only the changed part is scanned again."""

    def __init__(self) -> None:
        self._text = ""
        self._cuts = _Cuts()

    def cut(self, source: Source) -> tuple[list[Span], list[Comment], Span | None]:
        """The items and comments of a file, in order, and the text before the first item, None if there is none.

        An item that opens at the margin of a line starts a new piece even inside open brackets: a forgotten
        closing brace gives one error, not a file full of them.
        """
        text = source.text
        self._cuts = _changed(self._cuts, self._text, text)
        self._text = text
        edges = [*self._cuts.items, len(text)]
        items = [Span(source, start, _trimmed(text, start, end)) for start, end in pairwise(edges)]
        return items, [_comment(source, start, end) for start, end in self._cuts.comments], _stray(source, edges[0])


@dataclass(slots=True)
class _Cuts:
    """The offsets in a text at which items begin and comments are."""

    items: list[int] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)


def _changed(before: _Cuts, old: str, new: str) -> _Cuts:
    """The cuts of a text, by those of the text that it was.

    Whether an item begins depends on the text before it and, at most, on the first line of the next item; the text
    after its beginning depends on nothing before. So the cuts hold as far as the item before the one before the changed
    one, and again from the first item behind the change that both texts have.
    """
    unchanged = _same_start(old, new)
    first = max(0, bisect_right(before.items, unchanged) - 3)
    again = new.rfind("\n", 0, before.items[first]) + 1 if first else 0
    moved = len(new) - len(old)
    rest = bisect_left(before.items, len(old) - _same_end(old[unchanged:], new[unchanged:]))
    known = {start + moved: at for at, start in enumerate(before.items[rest:], rest)}
    items, comments, reached = _pieces(new, again, known.keys())
    last = known.get(reached, len(before.items))
    kept = bisect_left(before.comments, (again, 0))
    behind = bisect_left(before.comments, (before.items[last], 0)) if last < len(before.items) else len(before.comments)
    return _Cuts(
        [*before.items[:first], *items, *(start + moved for start in before.items[last:])],
        [
            *before.comments[:kept],
            *comments,
            *((start + moved, end + moved) for start, end in before.comments[behind:]),
        ],
    )


def _pieces(text: str, position: int, known: Container[int]) -> tuple[list[int], list[tuple[int, int]], int]:
    """Items and comments from a position on, where an item or the file begins, to the first item that is known already.

    And where that item begins, or how long the text is.
    """
    items: list[int] = []
    comments: list[tuple[int, int]] = []
    depth = 0
    disabled = False
    for piece in _PIECE.finditer(text, position):
        kind = piece.lastgroup
        start = -1
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth = max(0, depth - 1)
        elif kind == "comment":
            comments.append(piece.span("comment"))
        elif kind == "unknown" and depth == 0 and _stands_apart(text, piece.start(), piece["unknown"]):
            start = piece.start()
        elif kind == "item":
            word = piece.start("word")
            if disabled:
                disabled = False
                continue
            disabled = piece["word"] == "disabled"
            if depth == 0 or (word == piece.start() and _ANY_ITEM_AT_MARGIN.match(text, word)):
                start = word
                depth = 0
        if start >= 0:
            if start in known:
                return items, comments, start
            items.append(start)
    return items, comments, len(text)


def _same_start(left: str, right: str) -> int:
    """How many characters two texts have the same from their beginning."""
    length, end = 0, min(len(left), len(right))
    while length < end:
        middle = (length + end + 1) // 2
        if left[length:middle] == right[length:middle]:
            length = middle
        else:
            end = middle - 1
    return length


def _same_end(left: str, right: str) -> int:
    """How many characters two texts have the same at their end."""
    length, end = 0, min(len(left), len(right))
    while length < end:
        middle = (length + end + 1) // 2
        if left[len(left) - middle : len(left) - length] == right[len(right) - middle : len(right) - length]:
            length = middle
        else:
            end = middle - 1
    return length


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
    """What is before the first item, from the first line that is neither blank nor comment."""
    nothing = _NOTHING.match(source.text)
    start = nothing.end() if nothing else 0
    if start >= end:
        return None
    return Span(source, start, _trimmed(source.text, start, end))
