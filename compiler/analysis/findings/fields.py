"""Findings on fields that an action cannot do without: of the events that a mapping takes, none fills them."""

from __future__ import annotations

from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ... import ir
from ...resolve.types import NOTHING, kinds
from ..analyzed import Rule, head_span, written_span
from ..sets.values import ABSENT_OR_NULL, exactly
from ..solver.condition_to_formula import value_in
from ..solver.formula import ALWAYS, every, some
from ..solver.solver import UNSATISFIABLE, satisfiable

_FILLED = ~(ABSENT_OR_NULL | exactly(""))


def field_findings(rule: Rule, title: str) -> Iterator[Diagnostic]:
    """RW0302 and RW0304 where the trigger rules the values out; `title` is the destination's."""
    if rule.exact and rule.can_be_met:
        yield from _required(rule)
        yield from _identity(rule, title)


def _required(rule: Rule) -> Iterator[Diagnostic]:
    for field, written in zip(rule.fields, rule.mapping.fields, strict=True):
        if field.facts.required and kinds(written.value) - NOTHING and _never_filled(rule, field):
            yield Diagnostic(
                "RW0302",
                f"no event that the trigger takes fills `{field.facts.name}`, which {rule.mapping.action.name} needs",
                written_span(field, rule),
                help=("set it to something that these events have, or change the trigger",),
            )


def _identity(rule: Rule, title: str) -> Iterator[Diagnostic]:
    names = rule.mapping.action.identity
    given = [field for field in rule.fields if field.facts.name in names]
    if names and _never_filled(rule, *given):
        listed = " nor ".join(f"`{name}`" for name in names)
        yield Diagnostic(
            "RW0304",
            f"neither {listed} is ever set, and {title} needs one of them",
            head_span(rule),
            help=(f"add `{names[0]} = userId`",),
        )


def _never_filled(rule: Rule, *fields: ir.FieldValue) -> bool:
    if any(_is_free(field.value, rule) for field in fields):
        return False
    filled = some(value_in(field.value, _FILLED) for field in fields)
    return filled != ALWAYS and satisfiable(every((rule.formula, filled))) == UNSATISFIABLE


def _is_free(value: ir.Value, rule: Rule) -> bool:
    """Whether a value is read where the trigger reads nothing, so that it may be any."""
    if not isinstance(value, ir.Read) or value.root != ir.EVENT:
        return False
    return not any(str(step) in rule.reads for step in value.steps[:1])
