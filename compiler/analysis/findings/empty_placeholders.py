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
from .fields import by_lacking_part, listed, takes_others, types_without
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
    values = [part for part in parts if not isinstance(part, str)]
    lacking = [(part, types_without(rule, chain, part, value_in(part, ~EMPTY), when)) for part in values]
    for part, of_no_part in lacking:
        # Of `{{event}}{{name}}`, each event that a mapping of tracks and pages takes fills one of the two.
        others = [types for other, types in lacking if other is not part and types]
        types = [type_ for type_ in of_no_part if all(type_ in of_other for of_other in others)]
        for name, of_part in by_lacking_part(part, types, chain):
            help_ = "name a part that these events have"
            if set(of_part) <= {"page", "screen"} and name == "event":
                help_ = _help(part, isinstance(text, ir.Template), takes_others(rule, chain, of_part))
            message = f"{listed(of_part)} events have no `{name}`, so this part of the text is empty"
            yield Diagnostic("RW0314", message, part.span, help=(help_,))


def _help(part: ir.Value, in_braces: bool, mixed: bool) -> str:
    """What pages and screens have in place of an `event`, beside it where the mapping takes others too."""
    value = "name"
    if mixed and isinstance(part, ir.Read):
        value = f"coalesce({part.span.text}, name)"
    elif mixed:
        return "name a part that these events have"
    return f"write `{{{{{value}}}}}`" if in_braces else f"write `{value}`"
