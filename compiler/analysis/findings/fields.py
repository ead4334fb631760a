"""Findings on required fields that no event of a mapping fills."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.syntax.paths import write_path
from ... import ir
from ...value_types import NOTHING, kinds
from ..analyzed import Rule, head_span, written_span
from ..context import Evaluated
from ..filter_chain import FilterChain
from ..sets.values import EMPTY, MISSING_OR_NULL, exactly
from ..solver.condition_to_formula import value_in
from ..solver.formula import ALWAYS, Formula, every, fact, some
from ..solver.solver import UNSATISFIABLE, Satisfiability, Unknown, Witness, satisfiable
from .undecided import TAKEN_OUT, open_question

_FILLED = ~EMPTY
_TYPE = ("type",)


def field_findings(rule: Rule, title: str, chain: FilterChain) -> Iterator[Diagnostic]:
    """RW0302 and RW0304 where the trigger rules the values out; `title` is the destination's."""
    yield from _required(rule, chain)
    yield from _identity(rule, title, chain)


def _required(rule: Rule, chain: FilterChain) -> Iterator[Diagnostic]:
    for field, written in zip(rule.fields, rule.mapping.fields, strict=True):
        if not field.facts.required or not kinds(written.value) - NOTHING:
            continue
        answer = _filled(rule, chain, field)
        filled = _may_be_filled(field.value)
        if answer != UNSATISFIABLE and (types := types_without(rule, chain, field.value, filled)):
            for part, lacking in by_lacking_part(field.value, types, chain):
                yield _not_of_type(rule, chain, field, part, lacking)
        elif answer == UNSATISFIABLE:
            yield Diagnostic(
                "RW0302",
                f"no event that the trigger takes fills `{field.facts.name}`, which {rule.mapping.action.name} needs",
                written_span(field, rule),
                help=("set it to something that these events have, or change the trigger",),
            )
        elif isinstance(answer, Unknown):
            question = f'an event that "{rule.mapping.name}" takes fills `{field.facts.name}`'
            yield open_question(question, answer, written_span(field, rule))


def types_without(
    rule: Rule, chain: FilterChain, value: ir.Value, filled: Formula, when: Formula = ALWAYS
) -> list[str]:
    """The types of event that the mapping takes and that have nothing of what a value is made from.

    `filled` is true of every event for which the value is not empty; `when` the value is made.
    """
    parts = chain.context.parts
    roots = {str(node.steps[0]) for node in ir.walk(value) if is_of_event(node)}
    if not rule.exact or not roots & parts.keys():
        return []
    types = rule.hull.get(_TYPE)
    made = every((rule.formula, when))
    return [
        type_
        for type_ in chain.context.types
        if (types is None or type_ in types)
        and any(type_ not in parts.get(root, (type_,)) for root in roots)
        and satisfiable(every((made, filled, _of_spec(type_, chain)))) == UNSATISFIABLE
        and isinstance(
            chain.is_reached(rule.formula, every((when, _of_spec(type_, chain))), confirm=(rule.holds,)), Witness
        )
    ]


def _may_be_filled(value: ir.Value) -> Formula:
    """What is true of every event for which a value is not empty; more events may meet it."""
    if isinstance(value, ir.Template):
        placeholders = [part for part in value.parts if not isinstance(part, str)]
        # A template without text of its own is empty where all of its placeholders are.
        return ALWAYS if len(placeholders) < len(value.parts) else some(map(_may_be_filled, placeholders))
    return value_in(value, _FILLED)


def is_of_event(node: ir.Node) -> bool:
    return isinstance(node, ir.Read) and node.root == ir.EVENT and bool(node.steps)


def _of_spec(type_: str, chain: FilterChain) -> Formula:
    """Events of a type that have the parts which the spec requires, and none of the parts of other types."""
    others = (root for root, types in chain.context.parts.items() if type_ not in types)
    own = (root for root, types in chain.context.required_parts.items() if type_ in types)
    return every(
        (
            fact(_TYPE, exactly(type_)),
            *(fact((root,), MISSING_OR_NULL) for root in others),
            *(fact((root,), _FILLED) for root in own),
        )
    )


def by_lacking_part(value: ir.Value, types: list[str], chain: FilterChain) -> Iterator[tuple[str, list[str]]]:
    """The types in groups, each with the first part that a value is made from and that events of the types lack."""
    roots = [str(node.steps[0]) for node in ir.walk(value) if is_of_event(node)]
    groups: dict[str, list[str]] = {}
    for type_ in types:
        lacking = next(root for root in roots if type_ not in chain.context.parts.get(root, (type_,)))
        groups.setdefault(lacking, []).append(type_)
    yield from groups.items()


def _not_of_type(rule: Rule, chain: FilterChain, field: ir.FieldValue, part: str, types: list[str]) -> Diagnostic:
    is_read, mixed = isinstance(field.value, ir.Read), takes_others(rule, chain, types)
    help_ = "set it to something that these events have, or change the trigger"
    if set(types) <= {"page", "screen"} and (is_read or not mixed):
        value = '"Viewed {{name}}"'
        if isinstance(field.value, ir.Read) and mixed:
            value = f"coalesce({write_path(tuple(map(str, field.value.steps)), rooted=False)}, {value})"
        verb = "write" if field.span.source is rule.mapping.span.source else "add"
        help_ = f"{verb} `{field.facts.name} = {value}`, or another value that these events have"
    needed = f"`{field.facts.name}`, which {rule.mapping.action.name} needs"
    return Diagnostic(
        "RW0311",
        f"{listed(types)} events have no `{part}`, so nothing fills {needed}",
        written_span(field, rule),
        help=(help_,),
    )


def takes_others(rule: Rule, chain: FilterChain, types: list[str]) -> bool:
    """Whether a mapping takes events of other types, too."""
    taken = rule.hull.get(_TYPE)
    return taken is None or any(type_ in taken for type_ in chain.context.types if type_ not in types)


def listed(types: list[str]) -> str:
    """Types of event in words: "page and screen"."""
    return ", ".join(types[:-1]) + " and " + types[-1] if len(types) > 1 else types[0]


def _identity(rule: Rule, title: str, chain: FilterChain) -> Iterator[Diagnostic]:
    names = rule.mapping.action.identity
    if not names:
        return
    answer = _filled(rule, chain, *(field for field in rule.fields if field.facts.name in names))
    either = " nor ".join(f"`{name}`" for name in names)
    if answer == UNSATISFIABLE:
        yield Diagnostic(
            "RW0304",
            f"neither {either} is ever set, and {title} needs one of them",
            head_span(rule),
            help=(f"write `{names[0]} = userId`",),
        )
    elif isinstance(answer, Unknown):
        question = f'an event that "{rule.mapping.name}" takes fills {either.replace(" nor ", " or ")}'
        yield open_question(question, answer, head_span(rule))


def _filled(rule: Rule, chain: FilterChain, *fields: ir.FieldValue) -> Satisfiability | None:
    """An event that the mapping takes and that fills one of the fields; None where that is plain to see."""
    if any(_is_free(field.value, rule) for field in fields):
        return None
    filled = some(value_in(field.value, _FILLED) for field in fields)
    if filled == ALWAYS:
        return None
    if not rule.exact:
        return TAKEN_OUT
    values = [Evaluated(field.value, chain.context) for field in fields]
    return chain.is_met(
        every((rule.formula, filled)),
        lambda event: rule.holds(event) and any(_is_filled(value(event)) for value in values),
    )


def _is_filled(value: Any) -> bool:
    return value is not None and value in _FILLED


def _is_free(value: ir.Value, rule: Rule) -> bool:
    """Whether a value is read where the trigger reads nothing, so that it may be any."""
    if not isinstance(value, ir.Read) or value.root != ir.EVENT:
        return False
    return not any(str(step) in rule.reads for step in value.steps[:1])
