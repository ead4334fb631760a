"""Findings on operations in a mapping: unknown names, wrong values, and a property in two operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations

from ....dsl.diagnostics.diagnostic import Diagnostic, Label, respelling
from ....dsl.source import Span
from ....dsl.syntax.strings import quote
from ....runtime.semantics.event import Event
from ... import ir
from ...catalog import DestinationSchema, OperationsSchema
from ...resolve.field_checks import reads_as
from ...value_types import NOTHING, kinds
from ..analyzed import Rule, written_span
from ..context import AnalysisContext, Evaluated, shown
from ..filter_chain import FilterChain
from ..solver.formula import Formula, every, some
from ..solver.solver import Unknown, Witness
from .properties import is_filled
from .types import listed_kinds
from .undecided import TAKEN_OUT, open_question
from .written_objects import alternatives, written_objects


def operation_findings(mapping: ir.Mapping, operations: OperationsSchema) -> Iterator[Diagnostic]:
    """RW0505 of unknown operations, and RW0301 of values that an operation cannot take."""
    written_by = {writes.field: writes.operation for writes in mapping.action.operations}
    for field in mapping.fields:
        if isinstance(field.value, ir.Read):
            continue
        name = field.facts.name
        for _, written in written_objects(field.value):
            if name in written_by and field.facts.type == "object":
                yield from _inside(written_by[name], written, field, operations)
            elif name in mapping.action.plain:
                for key, entry in written.entries:
                    if key not in operations.names:
                        yield from _nested(key, entry, field, operations)
                    if key.startswith(operations.sign) and kinds(entry) != {"missing"}:
                        yield from _operation(key, entry, field, operations)
            elif field.facts.type == "object" and mapping.action.plain:
                yield from _misplaced(written, field, mapping.action.plain[0], operations)


def _misplaced(
    written: ir.MakeObject, field: ir.FieldValue, place: str, operations: OperationsSchema
) -> Iterator[Diagnostic]:
    """Operations in a field that takes none, where they would be sent as plain values."""
    for key, entry in written.entries:
        # A misspelled name is an operation if it holds an object: other properties may begin with the sign.
        misspelled = kinds(entry) - NOTHING == {"object"} and operations.nearest(key) is not None
        if kinds(entry) != {"missing"} and (
            key in operations.names or (key.startswith(operations.sign) and misspelled)
        ):
            message = f"`{key}` is an operation on properties, and `{field.facts.name}` takes none"
            yield Diagnostic("RW0505", message, _key_span(key, entry, field), help=(f"move it to `{place}`",))


def _operation(key: str, entry: ir.Value, field: ir.FieldValue, operations: OperationsSchema) -> Iterator[Diagnostic]:
    """What is wrong with one operation that is written among plain properties."""
    sent = operations.names.get(key)
    if sent is None:
        span, suggestion = _key_span(key, entry, field), operations.nearest(key)
        known = list(operations.names)
        listed = ", ".join(f"`{name}`" for name in known)
        help_ = (
            f"did you mean `{suggestion}`?"
            if suggestion
            else f"write a name without `{operations.sign}`, or one of {listed}"
        )
        message, fix = f"`{key}` is not an operation on properties", respelling(span, key, known)
        yield Diagnostic("RW0505", message, span, help=(help_,), fix=fix)
    else:
        possible = kinds(entry) - NOTHING
        if sent not in operations.whole and possible and "object" not in possible:
            yield Diagnostic(
                "RW0301", f"`{key}` takes an object, and this is always {listed_kinds(possible)}", entry.span
            )
        for _, written in written_objects(entry):
            yield from _inside(sent, written, field, operations)


def _inside(
    operation: str, written: ir.MakeObject, field: ir.FieldValue, operations: OperationsSchema
) -> Iterator[Diagnostic]:
    """What is wrong with the properties that one operation is on."""
    for key, entry in written.entries:
        possible = kinds(entry) - NOTHING
        if key.startswith(operations.sign) and kinds(entry) != {"missing"}:
            message = f"`{key}` begins with `{operations.sign}`, as operations do, and cannot be inside `{operation}`"
            help_ = "write it beside the other operation, or give the property another name"
            yield Diagnostic("RW0505", message, _key_span(key, entry, field), help=(help_,))
        elif operation in operations.numeric and possible and not _can_be_number(entry):
            text = isinstance(entry, ir.Constant) and isinstance(entry.value, str)
            actual = f"`{entry.span.text}` is not one" if text else f"`{key}` is always {listed_kinds(possible)}"
            yield Diagnostic("RW0301", f"`{operation}` takes numbers, and {actual}", entry.span)
        else:
            yield from _nested(key, entry, field, operations)


def _nested(around: str, value: ir.Value, field: ir.FieldValue, operations: OperationsSchema) -> Iterator[Diagnostic]:
    """Operations inside the value of a property, where they would be sent as a part of it."""
    for _, alternative in alternatives(value):
        if isinstance(alternative, ir.MakeList):
            for item in alternative.items:
                yield from _nested(around, item, field, operations)
    for _, written in written_objects(value):
        for key, entry in written.entries:
            if key in operations.names and kinds(entry) != {"missing"}:
                message = f"`{key}` is an operation on properties, and here it is a part of the property `{around}`"
                shown = around if around.isidentifier() else quote(around)
                help_ = f"write `{{ {quote(key)}: {{ {shown}: … }} }}`"
                # The destination takes it, as an object with such a key.
                yield Diagnostic("RW0505", message, _key_span(key, entry, field), help=(help_,), level="warning")
            else:
                yield from _nested(around, entry, field, operations)


def _can_be_number(value: ir.Value) -> bool:
    if isinstance(value, ir.Constant) and isinstance(value.value, str):
        return value.value.strip() != "" and reads_as("number", value.value)
    return bool(kinds(value) & {"number", "string"})


@dataclass(frozen=True, slots=True)
class _Use:
    """A property that a field puts into an operation."""

    name: str
    operation: str
    field: ir.FieldValue
    formula: Formula
    """When it has a value."""
    keys: tuple[str, ...]
    """The way to it in the field's value."""
    spelling: str
    """What the author writes for the operation."""

    def seen(self, context: AnalysisContext) -> Callable[[Event], bool]:
        """Whether the field puts it there for an event, by what was compiled."""
        evaluate = Evaluated(self.field.value, context)

        def holds(event: Event) -> bool:
            value = evaluate(event)
            for key in self.keys:
                value = value.get(key) if isinstance(value, dict) else None
            return value is not None and value != ""

        return holds


def two_operations_findings(rule: Rule, chain: FilterChain, destination: DestinationSchema) -> Iterator[Diagnostic]:
    """RW0506 of properties that some event brings into two operations."""
    if destination.operations is None:
        return
    uses: dict[str, list[_Use]] = {}
    for use in _joined(_uses(rule, destination.operations)):
        uses.setdefault(use.name, []).append(use)
    for name, of_name in uses.items():
        for first, second in combinations(of_name, 2):
            if first.operation == second.operation:
                continue
            seen = (rule.holds, first.seen(chain.context), second.seen(chain.context))
            answer = (
                chain.reaching(rule.formula, first.formula, second.formula, confirm=seen) if rule.exact else TAKEN_OUT
            )
            if isinstance(answer, Witness):
                yield _in_two(rule, first, second, answer.event, destination.title)
                break
            if isinstance(answer, Unknown):
                places = f"`{first.spelling}` and `{second.spelling}`"
                question = f'"{rule.mapping.name}" puts `{name}` into {places}'
                yield open_question(question, answer, written_span(second.field, rule))


def _in_two(rule: Rule, first: _Use, second: _Use, event: Event, title: str) -> Diagnostic:
    span, first_span = written_span(second.field, rule), written_span(first.field, rule)
    return Diagnostic(
        "RW0506",
        f"`{second.name}` is in `{first.spelling}` and in `{second.spelling}`, "
        f"and {title} accepts a property in one operation only",
        span,
        others=() if first_span.start == span.start else (Label(first_span, "also here"),),
        example=shown(event),
        help=("remove it from one of the two",),
    )


def _joined(uses: Iterable[_Use]) -> Iterator[_Use]:
    """The uses with those at one place of one field as one, whose alternatives are then one question."""
    places: dict[tuple[str, ...], list[_Use]] = {}
    for use in uses:
        places.setdefault((use.name, use.operation, use.spelling, *use.keys), []).append(use)
    for together in places.values():
        yield replace(together[0], formula=some(use.formula for use in together))


def _uses(rule: Rule, operations: OperationsSchema) -> Iterator[_Use]:
    action = rule.mapping.action
    for field in rule.fields:
        name = field.facts.name
        for writes in action.operations:
            if writes.field != name:
                continue
            if field.facts.type != "object":
                yield _Use(writes.prefix + name, writes.operation, field, is_filled(field.value), (), name)
                continue
            for when, written in written_objects(field.value):
                for key, entry in written.entries:
                    content = every((when, is_filled(entry)))
                    yield _Use(writes.prefix + key, writes.operation, field, content, (key,), name)
        if name in action.plain:
            yield from _among_plain(field, operations)


def _among_plain(field: ir.FieldValue, operations: OperationsSchema) -> Iterator[_Use]:
    """The properties in operations that are written among plain properties."""
    for when, written in written_objects(field.value):
        for key, entry in written.entries:
            sent = operations.names.get(key)
            if sent is None or sent in operations.whole:
                continue
            for also, inside in written_objects(entry):
                for inner, value in inside.entries:
                    content = every((when, also, is_filled(value)))
                    yield _Use(inner, sent, field, content, (key, inner), key)


def _key_span(key: str, entry: ir.Value, field: ir.FieldValue) -> Span:
    """The place of an entry's key, which precedes its value; the value's own where the key is written with escapes."""
    span = entry.span
    if span.source is not field.span.source:
        return span
    start = span.source.text.rfind(key, field.span.start, span.start)
    return span if start < 0 else span.within(start - span.start, start - span.start + len(key))
