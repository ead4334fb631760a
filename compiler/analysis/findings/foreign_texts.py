"""Findings on texts with the placeholders of another language, which are sent as they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ... import ir
from ..context import AnalysisContext

_PLACEHOLDER = re.compile(r"(?<!\{)(?P<sign>[$#]?)\{(?P<path>[^\W\d][\w.]*)\}(?!\})")


def placeholder_findings(mapping: ir.Mapping, world: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0312 of the texts that fields are filled with, and of the texts of a trigger, which have no placeholders."""
    known = {key for schema in world.schemas for key in schema.root.keys}
    for field in mapping.fields:
        if field.span.source is mapping.span.source:
            for text in _texts(field.value):
                yield from _placeholder(text, known)
    for node in ir.walk(mapping.trigger):
        if isinstance(node, ir.Constant) and isinstance(node.value, str) and "{{" in node.value:
            message = f"`{node.span.text}` has a placeholder, and a text in a trigger stands for itself"
            yield Diagnostic("RW0312", message, node.span, help=("compare with the path itself, without quotes",))


def _texts(value: ir.Value) -> Iterator[ir.Constant | ir.Template]:
    """The texts that a field, or a part of it, can be; not those that functions are given."""
    match value:
        case ir.Constant(str()) | ir.Template():
            yield value
        case ir.Coalesce(values) | ir.MakeList(values):
            for alternative in values:
                yield from _texts(alternative)
        case ir.If(_, then, otherwise):
            yield from _texts(then)
            yield from _texts(otherwise)
        case ir.MakeObject(entries):
            for _, entry in entries:
                yield from _texts(entry)
        case ir.ForEach(item):
            yield from _texts(item)
        case _:
            return


def _placeholder(text: ir.Constant | ir.Template, known: set[str]) -> Iterator[Diagnostic]:
    written = text.span.text
    matches = [match for match in _PLACEHOLDER.finditer(written) if _is_meant(match, known)]
    whole = _PLACEHOLDER.sub(lambda match: f"{{{{{match['path']}}}}}" if _is_meant(match, known) else match[0], written)
    for match in matches:
        message = f"`{match[0]}` is sent as it is written"
        yield Diagnostic("RW0312", message, text.span.within(*match.span()), help=(f"write `{whole}`",))


def _is_meant(match: re.Match[str], known: set[str]) -> bool:
    """A name in single braces may be meant as it is, as in an address: a path that an event has is not."""
    return bool(match["sign"]) or match["path"].partition(".")[0] in known
