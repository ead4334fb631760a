"""Runs the constants of a mapping to find values that are never sent unchanged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, cast

from ..compiler import ir
from ..compiler.catalog import FieldSchema
from ..compiler.memo import IdentityMemo
from ..compiler.value_types import NOTHING, can_fail, kinds
from ..dsl.diagnostics.diagnostic import Diagnostic
from ..dsl.source import Span
from ..loading.catalog import catalog
from ..runtime.fields.coercion import missing_required
from ..runtime.fields.field import Field
from ..runtime.fields.put import put
from ..runtime.outcome import Refused
from ..runtime.repairs import take_repairs
from ..runtime.semantics.failure import ValueFailure
from ..trace.evaluation import evaluate
from ..trace.tracer import Tracer, known_part

_FILLED: dict[str, Any] = {"string": "user-0001", "number": 1, "integer": 1, "boolean": True, "datetime": 1}
_LIMITS = {"min_id_length": 1}
"""The fields that change what another field takes, with the value that lets the most through."""
_SENT_WITH = {"productId": "revenue", "revenueType": "revenue"}
"""The fields that are only sent beside another one."""


def constant_findings(
    program: ir.Program, has_error: Callable[[Span], bool], memo: IdentityMemo
) -> Iterator[Diagnostic]:
    """RW0308, RW0310 and RW0315 of the fields that authors wrote, except those that have an error.

    An action that sends nothing has findings of its own.
    """
    if program.destination is None:
        return
    try:
        tracer = _tracer(program.destination.name, program.settings)
    except ValueError:
        return  # the settings themselves are refused elsewhere
    for mapping in program.mappings:
        if mapping.action.sends == "nothing":
            continue
        if has_error(mapping.span):
            for field in _written(mapping):
                if not has_error(field.span):
                    yield from memo.of(_of_field, mapping, field, tracer)
        else:
            yield from memo.of(_of_mapping, mapping, tracer)


def _written(mapping: ir.Mapping) -> list[ir.FieldValue]:
    """The fields that the author wrote, which those of `use defaults` are not."""
    return [field for field in mapping.fields if field.span.source is mapping.span.source]


@lru_cache(maxsize=4)
def _tracer(destination: str, settings: tuple[tuple[str, ir.Setting], ...]) -> Tracer:
    """The same for equal settings, so that what was found with it is kept."""
    return Tracer(ir.Program(catalog().destinations[destination], settings, (), ()))


def _of_mapping(mapping: ir.Mapping, tracer: Tracer) -> list[Diagnostic]:
    return [diagnostic for field in _written(mapping) for diagnostic in _of_field(mapping, field, tracer)]


def _of_field(mapping: ir.Mapping, field: ir.FieldValue, tracer: Tracer) -> list[Diagnostic]:
    if isinstance(field.value, ir.Read):
        return []  # as of most fields: an event decides all of it, and to read a path never fails
    return list(_failing_calls(field.value)) or list(_not_sent_as_written(mapping, field, tracer))


def _failing_calls(value: ir.Value) -> Iterator[Diagnostic]:
    """RW0308 of the calls and the arithmetic that fail whatever the event; of two in one another, the inner one."""
    failed: set[int] = set()
    for node in reversed(list(ir.walk(value))):
        if not can_fail(node) or not _is_closed(node):
            continue
        if any(id(part) in failed for part in ir.walk(node)):
            failed.add(id(node))
            continue
        try:
            evaluate(node, {})
        except ValueFailure as failure:
            failed.add(id(node))
            yield Diagnostic("RW0308", f"`{node.span.text}` always fails: {failure}", node.span)


def _not_sent_as_written(mapping: ir.Mapping, field: ir.FieldValue, tracer: Tracer) -> Iterator[Diagnostic]:
    """RW0310 of the values that are refused, and RW0315 of those that are repaired."""
    if _is_closed(field.value) and field.facts.required and _is_left_out(field):
        yield Diagnostic("RW0310", _fails(missing_required(field.facts.name)), field.value.span)
        return
    for value in _constants(field.value):
        constant = replace(field, value=value)
        take_repairs(mapping.name)
        failure = _failure(mapping, constant, tracer)
        repairs = dict.fromkeys(take_repairs(mapping.name))
        if failure is not None:
            yield Diagnostic("RW0310", _fails(failure), value.span)
            continue
        # Nothing else in the mapping that was run needs a repair.
        for repair in repairs:
            yield _never_as_written(repair.field or field.facts.name, repair.message, value)
        if not repairs and field.facts.required and _is_left_out(constant):
            help_ = "write another value, or `omit` if such an event is to fail"
            yield _never_as_written(field.facts.name, f"{value.span.text} counts as no value", value, help_)


def _never_as_written(name: str, reason: str, value: ir.Value, *help_: str) -> Diagnostic:
    return Diagnostic("RW0315", f"`{name}` is never sent as it is written: {reason}", value.span, help=help_)


def _fails(refused: Refused) -> str:
    return f"`{refused.field}` always fails: {refused.message}"


def _root(path: str | None) -> str:
    """The field that a path begins with."""
    return (path or "").partition(".")[0].partition("[")[0]


def _is_left_out(field: ir.FieldValue) -> bool:
    """Whether a value without anything of the event fills nothing."""
    filled: dict[str, Any] = {}
    try:
        put(filled, cast("Field", field.facts), evaluate(field.value, {}))
    except Refused:
        return False
    take_repairs("")
    return not filled


def _constants(value: ir.Value) -> Iterator[ir.Value]:
    """The values without anything that an event decides: each alternative, and of an object the keys that are so."""
    match value:
        case ir.Coalesce(values) | ir.Call("default", values):
            for constant in values:
                yield from _constants(constant)
        case ir.If(_, then, otherwise):
            yield from _constants(then)
            yield from _constants(otherwise)
        case ir.ForEach(item):
            for constant in _constants(item):
                yield ir.MakeList((constant,), span=constant.span)
        case ir.Read():
            return
        case ir.MakeObject(entries) if not _is_closed(value):
            for key, entry in entries:
                for constant in _constants(entry):
                    yield ir.MakeObject(((key, constant),), span=constant.span)
        case _:
            if _is_closed(value) and kinds(value) - NOTHING:
                yield value


def _is_closed(value: ir.Value) -> bool:
    return not any(isinstance(part, ir.Read) for part in ir.walk(value))


def _failure(mapping: ir.Mapping, field: ir.FieldValue, tracer: Tracer) -> Refused | None:
    """Why a mapping with the field, and with usual values for what else it needs, sends nothing."""
    name = field.facts.name
    filled: dict[str, Any] = {}
    try:
        put(filled, cast("Field", field.facts), evaluate(known_part(field.facts, field.value), {}))
    except Refused as refused:
        return refused
    if field.facts.required and not filled:
        return None  # an action is only asked for events that fill it
    others = [
        beside for facts in mapping.action.fields if facts.name != name and (beside := _beside(mapping, facts, name))
    ]
    probe = replace(mapping, trigger=ir.All(()), fields=(*others, field))
    traced = tracer.mapping(probe, {})
    control = [traced.parameters.get(name) for name in mapping.action.control_fields]
    try:
        tracer.build(probe, checks=True)(traced.payload, *control)
    except Refused as refused:
        return refused if _root(refused.field) == name else None
    except ValueFailure:
        return None
    return None


def _beside(mapping: ir.Mapping, facts: FieldSchema, tried: str) -> ir.FieldValue | None:
    """A field that the action needs for the field that is tried, or that changes what it takes."""
    if facts.name in _LIMITS:
        own = next((field for field in mapping.fields if field.facts.name == facts.name), None)
        if own is None:
            return None
        return own if _is_closed(own.value) else ir.FieldValue(facts, ir.Constant(_LIMITS[facts.name]))
    if facts.required or facts.name in mapping.action.identity or facts.name == _SENT_WITH.get(tried):
        return ir.FieldValue(facts, ir.Constant(_FILLED[facts.type]) if facts.type in _FILLED else ir.MakeObject(()))
    return None
