"""Findings on values of a type that a field or a function does not take."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ....dsl.diagnostics.diagnostic import Diagnostic
from ... import ir
from ...resolve.field_checks import TAKES
from ...value_types import NOTHING, Kinds, kinds
from ..context import AnalysisContext

_ARGUMENTS: dict[str, Kinds] = {
    "string": frozenset(("string", "number", "boolean")),
    "number": frozenset(("number",)),
    "integer": frozenset(("number",)),
    "boolean": frozenset(("boolean",)),
    "object": frozenset(("object",)),
    "list": frozenset(("list",)),
}
"""What a function's parameter can be made from."""
_TAKES_FIELD = {type_: takes | {"list"} for type_, takes in TAKES.items()}
"""What a field can be made from: a list of one item is taken as that item."""
_JOINED = 'join texts with placeholders: `"Viewed {{name}}"`'


def field_type_findings(mapping: ir.Mapping, context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0301 of the fields that an author gave a path."""
    for field in mapping.fields:
        if field.span.source is mapping.span.source and isinstance(field.value, ir.Read):
            yield from _wrong_type(
                field.facts.name, field.facts.type, _TAKES_FIELD[field.facts.type], field.value, context
            )


def argument_findings(written: Iterable[ir.Node], context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0301 of the arguments of functions, among the nodes that an author wrote."""
    for node in written:
        if isinstance(node, ir.Call) and (function := context.functions.get(node.function)) is not None:
            for parameter, argument in zip(function.parameters, node.arguments, strict=False):
                if parameter.type in _ARGUMENTS:
                    takes = _ARGUMENTS[parameter.type]
                    yield from _wrong_type(function.name, parameter.type, takes, argument, context)
        elif isinstance(node, ir.Arithmetic):
            help_ = (_JOINED,) if node.operator == "+" else ()
            for operand in (node.left, node.right):
                for finding in _wrong_type(node.operator, "number", _ARGUMENTS["number"], operand, context):
                    yield replace(finding, help=help_)


def _wrong_type(name: str, type_: str, takes: Kinds, value: ir.Value, context: AnalysisContext) -> Iterator[Diagnostic]:
    kinds, source = known_kinds(value, context)
    possible = kinds - NOTHING
    if possible and not possible & takes:
        article = "an" if type_[0] in "aeio" else "a"
        message = f"`{name}` takes {article} {type_}, and `{value.span.text}` is {listed_kinds(kinds)}"
        yield Diagnostic("RW0301", f"{message} in {source}" if source else message, value.span)


def known_kinds(value: ir.Value, context: AnalysisContext) -> tuple[Kinds, str]:
    """The kinds that a value can have, and the title of the schema that says so: empty where the rules alone do."""
    known = None
    if isinstance(value, ir.Read) and value.root == ir.EVENT:
        known = context.kinds_at(tuple(map(str, value.steps)))
    if known is None:
        return kinds(value), ""
    schema, expected = known
    return expected, schema.title


def listed_kinds(kinds: Kinds) -> str:
    """Kinds in words: "a number or a string"."""
    names = sorted(kinds - NOTHING) or ["null"]
    return " or ".join(f"an {kind}" if kind[0] in "aeio" else f"a {kind}" for kind in names)
