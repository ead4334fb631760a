"""Measures how deep brackets and signs nest before a text is parsed, so that a hostile text costs nothing."""

from __future__ import annotations

import re

from ..lexis import BRACKET, COMMENT, ESCAPED, STRING

MAX_BRACKETS = 1000
_PIECE = re.compile(
    rf"{STRING}|{ESCAPED}|(?P<blank>\s+|{COMMENT})|(?P<sign>[!+-])|{BRACKET}|[^\s\"'\\#!+\-()\[\]{{}}]+"
)


def too_deep(text: str) -> int | None:
    """The offset of the first bracket or sign that is nested more than `MAX_BRACKETS` deep; None if none is."""
    if sum(map(text.count, "([{!+-")) <= MAX_BRACKETS:
        return None
    open_: list[int] = []
    depth = signs = 0
    for piece in _PIECE.finditer(text):
        kind = piece.lastgroup
        if kind == "blank":
            continue
        if kind == "sign":
            signs += 1
        elif kind == "open":
            open_.append(signs + 1)
            depth += signs + 1
            signs = 0
        else:
            signs = 0
            if kind == "close" and open_:
                depth -= open_.pop()
        if depth + signs > MAX_BRACKETS:
            return piece.start()
    return None
