"""Checks that a field can take its value, and that every required field has one."""

from __future__ import annotations

from math import isinf, isnan, nan

from ...dsl import ast
from ...dsl.ast import Scalar
from ...runtime.semantics.javascript import as_double, exact_number
from .. import ir
from ..catalog import ActionSchema, DestinationSchema, FieldSchema
from ..optimize.constant_folding import as_field
from ..optimize.rewrite import simplified
from ..value_types import NOTHING, Kinds, kinds
from .conditions_as_values import check_fallbacks
from .expressions import Resolver

TAKES: dict[str, Kinds] = {
    "string": frozenset(("string", "number", "boolean")),
    "number": frozenset(("string", "number", "boolean")),
    "integer": frozenset(("string", "number", "boolean")),
    "boolean": frozenset(("boolean", "string", "number")),
    "datetime": frozenset(("string", "number", "boolean")),
    "object": frozenset(("object",)),
}
"""What a field's type can be made from; a list is taken where it holds one item, so it is never refused here."""


def check_field(facts: FieldSchema, value: ir.Value, resolver: Resolver) -> None:
    """Reports a value that the field refuses for every event."""
    if check_fallbacks(facts, value, resolver):
        return
    possible = kinds(value) - NOTHING
    takes = TAKES[facts.type] | {"list"}
    if possible and not possible & takes:
        article = "an" if facts.type[0] in "aeio" else "a"
        kinds_text = " or ".join(sorted(possible))
        resolver.report(
            "RW0301",
            f"`{facts.name}` takes {article} {facts.type}, and this is always {_article(kinds_text)}",
            value.span,
        )
        return
    if isinstance(value, ir.Constant):
        _check_constant(facts, value, resolver)
    if isinstance(value, ir.MakeObject) and facts.type == "object" and not facts.multiple:
        inner = {field.name: field for field in facts.fields}
        for key, entry in value.entries:
            if key in inner:
                check_field(inner[key], entry, resolver)


def _article(kind: str) -> str:
    return f"an {kind}" if kind.startswith("o") else f"a {kind}"


def _check_constant(facts: FieldSchema, value: ir.Constant, resolver: Resolver) -> None:
    constant = value.value
    if facts.positive and _number_of(constant) <= 0:
        resolver.report(
            "RW0301", f"`{facts.name}` takes a number greater than 0, and this is `{value.span.text}`", value.span
        )
    if facts.choices and constant is not None and constant not in facts.choices:
        resolver.report(
            "RW0305", f"`{facts.name}` cannot be `{constant}`", value.span, f"write one of: {', '.join(facts.choices)}"
        )
    if isinstance(constant, str) and constant and facts.type in ("number", "integer", "boolean"):
        if not reads_as(facts.type, constant):
            article = "an" if facts.type == "integer" else "a"
            resolver.report(
                "RW0301", f'`{facts.name}` takes {article} {facts.type}, and "{constant}" is none', value.span
            )
    elif facts.type == "integer" and isinstance(constant, float) and not constant.is_integer():
        resolver.report("RW0301", f"`{facts.name}` takes an integer, and {constant} is none", value.span)


def _number_of(constant: Scalar) -> float:
    """The number to which a number field converts a literal; NaN if it converts to none, or has no value."""
    if constant is None or constant == "":
        return nan
    return as_double(exact_number(constant) if isinstance(constant, str) else constant)


def check_constants(action: ActionSchema, fields: tuple[ir.FieldValue, ...], resolver: Resolver) -> None:
    """Reports fields that depend on the event in an action that sends nothing: they are read before any event."""
    if action.sends != "nothing":
        return
    for field in fields:
        value = as_field(simplified(field.value))
        if not isinstance(value, ir.Constant | ir.Omit):
            resolver.report(
                "RW0309",
                f"`{field.facts.name}` must be a constant, because {action.name} is set up before any event",
                field.value.span,
                "write a plain value, or arithmetic on plain values",
            )
        elif value is not field.value:
            check_field(field.facts, value, resolver)


def reads_as(type_: str, text: str) -> bool:
    """Whether a field of this type can be coerced from this text."""
    if type_ == "boolean":
        return text in ("true", "false")
    number = exact_number(text)
    if isnan(number):
        return False
    return type_ == "number" or isinf(number) or number == int(number)


def check_required(
    item: ast.Mapping,
    action: ActionSchema,
    fields: tuple[ir.FieldValue, ...],
    destination: DestinationSchema,
    resolver: Resolver,
) -> None:
    """Reports fields that the action needs and that nothing can ever fill."""
    filled = {field.facts.name for field in fields if kinds(field.value) - NOTHING}
    if all(facts.name in filled for facts in action.fields if facts.required):
        return
    defaults = destination.defaults(action.name)
    usual = (
        {statement.field for statement in defaults.body if isinstance(statement, ast.Assign)}
        if defaults is not None
        else set()
    )
    written = {type(statement_) for statement_ in item.body} | {
        statement.field for statement in item.body if isinstance(statement, ast.Assign)
    }
    for facts in action.fields:
        if facts.required and facts.name not in filled:
            help_ = f"add `{facts.name} = …`"
            if facts.name in written:
                help_ = f"set `{facts.name}` to a value"
            if facts.name in usual and not written & {ast.UseDefaults, facts.name}:
                help_ = f"add `use defaults`, or `{facts.name} = …`"
            resolver.report("RW0302", f"{action.name} needs `{facts.name}`, and nothing sets it", item.name_span, help_)
