"""Findings on properties that a request may not mix: plain ones and operations, always or sometimes together."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ....dsl.diagnostics.diagnostic import Diagnostic, Label
from ....runtime.semantics.event import Event
from ... import ir
from ...catalog import DestinationSchema
from ..analyzed import Rule, written_span
from ..context import AnalysisContext, Evaluated, shown
from ..filter_chain import FilterChain
from ..sets.values import EMPTY, MISSING_OR_NULL, NO_VALUES, Plain, ValueSet
from ..solver.condition_to_formula import value_in
from ..solver.formula import Formula, every, negation, some
from ..solver.solver import UNSATISFIABLE, Unknown, Witness
from .undecided import TAKEN_OUT, open_question
from .written_objects import alternatives, written_objects

_FILLED = ~EMPTY
_FULL_OBJECT = ValueSet(Plain.FULL_OBJECT)
_CHANGES = ~(MISSING_OR_NULL | ValueSet(Plain.EMPTY_OBJECT))
"""The values of an operation among plain properties that changes anything."""


@dataclass(frozen=True, slots=True)
class _Filled:
    """When a field brings properties of one sort, and how to see whether it did."""

    field: ir.FieldValue
    formula: Formula
    seen: Callable[[Event], bool]


def property_findings(rule: Rule, chain: FilterChain, destination: DestinationSchema) -> Iterator[Diagnostic]:
    """RW0501 and RW0502, for a mapping that does not say what to do on a conflict."""
    if rule.mapping.conflict != "reject" or destination.operations is None:
        return
    title, sign = destination.title, destination.operations.sign
    for plain in _plain(rule, chain.context, sign):
        for operation in _operations(rule, chain.context, sign):
            mixed = every((plain.formula, operation.formula))
            seen = (plain.seen, operation.seen)
            answer = chain.reaching(rule.formula, mixed, confirm=(rule.holds, *seen)) if rule.exact else TAKEN_OUT
            if isinstance(answer, Witness):
                yield from _mixed(rule, chain, plain, operation, answer.event, title)
                return
            if isinstance(answer, Unknown):
                question = f'"{rule.mapping.name}" sends {_names(plain, operation)} in one request'
                yield open_question(question, answer, written_span(operation.field, rule))


def _mixed(
    rule: Rule, chain: FilterChain, plain: _Filled, operation: _Filled, event: Event, title: str
) -> Iterator[Diagnostic]:
    """The finding that some event, or every event, brings both."""
    mixed = every((plain.formula, operation.formula))

    def apart(event: Event) -> bool:
        return rule.holds(event) and not (plain.seen(event) and operation.seen(event))

    answer = chain.is_reached(rule.formula, negation(mixed), confirm=(apart,))
    if answer == UNSATISFIABLE or not rule.mapping.says_conflict:
        yield _finding(rule, plain, operation, event, title, always=answer == UNSATISFIABLE)
    elif isinstance(answer, Unknown):
        question = f'"{rule.mapping.name}" always sends {_names(plain, operation)} in one request'
        yield open_question(question, answer, written_span(operation.field, rule))


def _names(plain: _Filled, operation: _Filled) -> str:
    """The two fields in words."""
    return f"plain properties in `{plain.field.facts.name}` and " + (
        "operations there" if plain.field is operation.field else f"`{operation.field.facts.name}`"
    )


def _finding(rule: Rule, plain: _Filled, operation: _Filled, event: Event, title: str, *, always: bool) -> Diagnostic:
    names = _names(plain, operation)
    if always:
        message = f"{names} are sent in one request, which {title} forbids"
    else:
        message = f"{names} can come in one request, which {title} forbids"
    span = written_span(operation.field, rule)
    plain_span = written_span(plain.field, rule)
    return Diagnostic(
        "RW0501" if always else "RW0502",
        message,
        span,
        others=() if plain_span.start == span.start else (Label(plain_span, "plain properties from here"),),
        example=shown(event),
        help=("`on conflict fold` sends the plain ones as `$set` (the same meaning); `split` sends two requests",),
    )


def _plain(rule: Rule, context: AnalysisContext, sign: str) -> Iterator[_Filled]:
    """The fields of plain properties, without the operations among them."""
    for field in rule.fields:
        if field.facts.name in rule.mapping.action.plain:
            yield _filled(field, context, lambda key: not key.startswith(sign), _FILLED)


def _operations(rule: Rule, context: AnalysisContext, sign: str) -> Iterator[_Filled]:
    """The fields that become operations, and operations that are written among plain properties."""
    names = {writes.field for writes in rule.mapping.action.operations}
    for field in rule.fields:
        if field.facts.name in names:
            yield _filled(field, context, lambda key: True, _FILLED)
        elif field.facts.name in rule.mapping.action.plain and _names_operations(field.value, sign):
            yield _filled(field, context, lambda key: key.startswith(sign), _CHANGES, unwritten=NO_VALUES)


def _names_operations(value: ir.Value, sign: str) -> bool:
    return any(key.startswith(sign) for _, written in written_objects(value) for key, _ in written.entries)


def _filled(
    field: ir.FieldValue,
    context: AnalysisContext,
    wanted_key: Callable[[str], bool],
    content: ValueSet,
    unwritten: ValueSet = _FULL_OBJECT,
) -> _Filled:
    """When a field brings properties: in an object, each wanted key counts whose value is in `content`.

    `unwritten` are the values that count of an object that is not written out, whose keys are not known.
    """
    value = field.value
    if any(written_objects(value)):
        formula = some(
            every(
                (
                    when,
                    _has_key(alternative, wanted_key, content)
                    if isinstance(alternative, ir.MakeObject)
                    else value_in(alternative, unwritten),
                )
            )
            for when, alternative in alternatives(value)
        )
    else:
        formula = value_in(value, unwritten if field.facts.type == "object" else _FILLED)
    evaluate = Evaluated(value, context)

    def seen(event: Event) -> bool:
        value_of_event = evaluate(event)
        if isinstance(value_of_event, dict):
            return any(wanted_key(key) and inner in content for key, inner in value_of_event.items())
        return value_of_event in _FILLED

    return _Filled(field, formula, seen)


def _has_key(written: ir.MakeObject, wanted_key: Callable[[str], bool], content: ValueSet) -> Formula:
    return some(value_in(entry, content) for key, entry in written.entries if wanted_key(key))


def is_filled(value: ir.Value) -> Formula:
    """When a property has a value that is sent."""
    return value_in(value, _FILLED)
