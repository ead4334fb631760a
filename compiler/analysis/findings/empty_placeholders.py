"""Findings on placeholders that are empty for all events of a type that a mapping takes."""

from __future__ import annotations

from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ... import ir
from ..analyzed import Rule
from ..filter_chain import FilterChain
from ..sets.values import EMPTY
from ..solver.condition_to_formula import value_in
from ..solver.formula import ALWAYS, Formula
from .fields import is_of_event, listed, types_without
from .written_objects import alternatives


def empty_placeholder_findings(rule: Rule, chain: FilterChain) -> Iterator[Diagnostic]:
    """RW0314 of the texts with which an author filled fields."""
    for field in rule.fields:
        if not isinstance(field.value, ir.Read) and field.span.source is rule.mapping.span.source:
            for when, text in _texts(field.value, ALWAYS):
                yield from _empty_in(text, when, rule, chain)


def _texts(value: ir.Value, when: Formula) -> Iterator[tuple[Formula, ir.Template | ir.Call]]:
    """The texts of a value that are joined from parts, each with when it is made."""
    for meets, part in alternatives(value, when):
        match part:
            case ir.Template() | ir.Call("concat"):
                yield meets, part
            case ir.Call(_, inner) | ir.MakeList(inner):
                for argument in inner:
                    yield from _texts(argument, meets)
            case ir.MakeObject(entries):
                for _, entry in entries:
                    if not isinstance(entry, ir.Read):
                        yield from _texts(entry, meets)
            case _:
                pass


def _empty_in(text: ir.Template | ir.Call, when: Formula, rule: Rule, chain: FilterChain) -> Iterator[Diagnostic]:
    parts = text.parts if isinstance(text, ir.Template) else text.arguments
    if not any(isinstance(part, str | ir.Constant) for part in parts):
        return  # a text of placeholders alone is empty as a whole, which is found of a field that must be filled
    for part in parts:
        read = next((node for node in ir.walk(part) if is_of_event(node)), None)
        if isinstance(part, str) or read is None:
            continue
        types = types_without(rule, chain, part, value_in(part, ~EMPTY), when)
        if types:
            name = str(read.steps[0])
            help_ = "name a part that these events have"
            if not set(types) - {"page", "screen"}:
                help_ = "write `{{name}}`" if isinstance(text, ir.Template) else "write `name`"
            message = f"{listed(types)} events have no `{name}`, so this part of the text is empty"
            yield Diagnostic("RW0314", message, part.span, help=(help_,))
