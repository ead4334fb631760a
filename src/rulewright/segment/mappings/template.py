"""Converts the text of Segment's `@template` to an expression: paths between braces, and text around them."""

from __future__ import annotations

import re

from ...dsl import ast
from ...runtime.semantics.javascript import WHITESPACE
from ..problems import JsonPath, NoRuleForm
from .payload import reach
from .segment_path import placeholder_to_steps

_TRIPLE = re.compile(r"\{\{\{([^}]+)\}\}\}")
_DOUBLE = re.compile(r"\{\{([^}]+)\}\}")


def read_template(text: str, payload: ast.Expression, place: JsonPath) -> ast.Expression:
    """The expression that a template renders to; a placeholder that leads nowhere adds no text.

    Segment fills the placeholders of three braces first, and then looks for those of two in the result. One of three is
    therefore marked by a character that the text does not hold, to see what the second look finds. Raises NoRuleForm
    where that is a path that comes out of another placeholder.
    """
    mark = next(character for character in map(chr, range(0xE000, 0xF900)) if character not in text)
    triples = iter(_TRIPLE.findall(text))
    marked = _TRIPLE.sub(mark, text)
    parts: list[str | ast.Expression] = []
    at = 0
    for placeholder in re.finditer(rf"{mark}|{_DOUBLE.pattern}", marked):
        inside = next(triples) if placeholder[0] == mark else placeholder[1]
        if mark in inside:
            raise NoRuleForm(
                "a placeholder whose path comes out of another placeholder has no form in the language", place
            )
        add_part(parts, marked[at : placeholder.start()])
        add_part(parts, reach(payload, placeholder_to_steps(inside.strip(WHITESPACE))))
        at = placeholder.end()
    add_part(parts, marked[at:])
    if not parts:
        return ast.Literal("")
    if len(parts) == 1 and isinstance(parts[0], str):
        return ast.Literal(parts[0])
    return ast.Template(tuple(parts))


def add_part(parts: list[str | ast.Expression], part: str | ast.Expression) -> None:
    """Adds a part at the end; adjacent texts are joined, and a part that is always missing is left out."""
    match part:
        case ast.Omit() | ast.Literal(None) | "":
            return
        case ast.Literal(str(value)):
            add_part(parts, value)
        case ast.Template(inner):
            for each in inner:
                add_part(parts, each)
        case str() if parts and isinstance(parts[-1], str):
            parts[-1] += part
        case _:
            parts.append(part)
