"""Findings on texts with placeholders of another language, which are sent literally."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ... import ir
from ..context import AnalysisContext

_PATH = r"[^\W\d]\w*(?:\.[^\W\d]\w*|\[[0-9]+\])*"
_PLACEHOLDER = re.compile(
    rf"(?<!\{{)(?P<sign>[$#]?)\{{\s*(?P<path>{_PATH})\s*\}}(?!\}})|<%=?\s*(?P<in_erb>{_PATH})\s*%>"
    rf"|\{{(?P<tag>%)\s*(?P<in_tag>{_PATH})\s*%\}}|\{{\{{\{{\s*(?P<unescaped>{_PATH})\s*\}}\}}\}}"
    rf"|(?<![\w$])\$(?P<in_shell>{_PATH})"
)
"""Of JavaScript and Ruby, ERB, Liquid's tags, Mustache and the shell."""
_PATH_AS_TEXT = re.compile(r"\$?\.?(?P<path>(?P<root>[^\W\d]\w*)(?:\.[^\W\d]\w*|\[[0-9]+\])+)")
_OBJECTS = ("properties", "traits", "context", "integrations")
_JOINS = frozenset(("concat", "default"))
"""Functions whose result holds the texts that they are given."""


def placeholder_findings(mapping: ir.Mapping, context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0312 of the texts that fields are filled with, and of the texts of a trigger, which have no placeholders."""
    known = {key for schema in context.schemas for key in schema.root.keys}
    for field in mapping.fields:
        if not isinstance(field.value, ir.Read) and field.span.source is mapping.span.source:
            for text in _texts(field.value):
                path = _path_as_text(text.value) if isinstance(text, ir.Constant) else None
                if path is not None:
                    yield _quoted_path(text, path, "sent")
                yield from _placeholder(text, known)
    for node in ir.walk(mapping.trigger):
        if isinstance(node, ir.Constant) and isinstance(node.value, str):
            if "{{" in node.value or any(_is_meant(match, known) for match in _PLACEHOLDER.finditer(node.value)):
                message = f"`{node.span.text}` has a placeholder, and a text in a trigger is taken literally"
                yield Diagnostic("RW0312", message, node.span, help=("compare with the path itself, without quotes",))
            elif (path := _path_as_text(node.value)) is not None:
                yield _quoted_path(node, path, "compared")


def _texts(value: ir.Value) -> Iterator[ir.Constant | ir.Template]:
    """The texts that a field, or a part of it, can be; not those that functions are given."""
    match value:
        case ir.Constant(str()) | ir.Template():
            yield value
        case ir.Coalesce(values) | ir.MakeList(values):
            for alternative in values:
                yield from _texts(alternative)
        case ir.Call(function, arguments) if function in _JOINS:
            for argument in arguments:
                yield from _texts(argument)
        case ir.If(_, then, otherwise):
            yield from _texts(then)
            yield from _texts(otherwise)
        case ir.MakeObject(entries):
            for _, entry in entries:
                if not isinstance(entry, ir.Read):
                    yield from _texts(entry)
        case ir.ForEach(item):
            yield from _texts(item)
        case _:
            return


def _path_as_text(text: object) -> str | None:
    """The path that a text spells as a whole, as in `"properties.city"` and `"$.userId"`."""
    match = _PATH_AS_TEXT.fullmatch(text) if isinstance(text, str) else None
    return match["path"] if match is not None and match["root"] in _OBJECTS else None


def _quoted_path(text: ir.Node, path: str, meaning: str) -> Diagnostic:
    message = f"`{text.span.text}` is a text, and is {meaning} as it is written"
    return Diagnostic("RW0312", message, text.span, help=(f"write `{path}` without quotes",))


def _placeholder(text: ir.Constant | ir.Template, known: set[str]) -> Iterator[Diagnostic]:
    written = text.span.text
    matches = [match for match in _PLACEHOLDER.finditer(written) if _is_meant(match, known)]
    whole = _PLACEHOLDER.sub(lambda match: f"{{{{{_path(match)}}}}}" if _is_meant(match, known) else match[0], written)
    for match in matches:
        message = f"`{match[0]}` is sent as it is written"
        if match["unescaped"]:
            message = f"the outer braces of `{match[0]}` are sent as they are written"
        yield Diagnostic("RW0312", message, text.span.within(*match.span()), help=(f"write `{whole}`",))


def _path(match: re.Match[str]) -> str:
    return next(match[name] for name in ("path", "in_erb", "in_tag", "unescaped", "in_shell") if match[name])


def _is_meant(match: re.Match[str], known: set[str]) -> bool:
    """A name in single braces may be meant as it is, as in an address: a path that an event has is not."""
    return bool(match["sign"] or match["in_erb"]) or _path(match).partition(".")[0].partition("[")[0] in known
