"""Lineage: which paths of an event reach which fields of a mapping, and which are read only to decide.

It is complete: whatever a mapping reads is in a flow. An event that is changed neither at the path of a flow, nor above
or below one, gives the same requests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from ...dsl.ast import EventPath, EveryItem, FilterStep, KeyPattern
from ...dsl.source import NOWHERE, Span
from ...runtime.semantics.glob import matches
from .. import ir
from ..catalog import FieldSchema
from .reach import Excluded, Reach, is_at, is_taken_out

ITEM: Final = EveryItem()
UNLESS_A_LIST: Final = "unless a list"
"""In place of a function: a comprehension gives a value that is neither a list nor an object as it is."""
UNLESS_AN_OBJECT: Final = "unless an object"
"""In place of a function: `keep` leaves a value that is not an object as it is."""


@dataclass(frozen=True, slots=True)
class DerivedFlow:
    """One path of the event, and what it does in one mapping."""

    mapping: str
    """Empty for a filter, which is read for every mapping."""
    action: str
    source: EventPath
    """Where in the event; everything below it is meant as well."""
    field: str
    """The field that it reaches, down to the key: `setOnce.initial_referrer`; empty for a trigger or a filter."""
    decides: bool
    """The value is read only to decide: in a condition, or to see whether it is there."""
    functions: tuple[str, ...] = ()
    """The functions applied to the value, the innermost first; empty for a copy."""
    conditions: tuple[str, ...] = ()
    """The conditions, as the author wrote them, under which the value takes this way."""
    excluded: tuple[EventPath, ...] = ()
    """Paths below the source that filters take out."""
    span: Span = NOWHERE
    """Where the rules read the path."""
    places: tuple[EventPath, ...] = ()
    """Paths above the source whose value is read as well if it is not an object, because `keep` leaves it."""
    is_shallow: bool = False
    """Only a value of the source that is not an object is read: `keep` leaves such a value, and empties an object."""

    def covers(self, path: EventPath) -> bool:
        """Whether this flow reads the value at a path, or a part of it."""
        if any(is_taken_out(path, out) for out in self.excluded):
            return False
        if _begins(self.source, path) or any(is_at(path, place) for place in self.places):
            return True
        return not self.is_shallow and _begins(path, self.source)


@dataclass(frozen=True, slots=True)
class _Way:
    """A path of the event on its way to a field, while the field's value is walked."""

    source: EventPath
    key: str
    decides: bool
    functions: tuple[str, ...]
    conditions: tuple[str, ...]
    span: Span
    excluded: tuple[EventPath, ...] = ()

    @property
    def is_copy(self) -> bool:
        """Whether a step into the value is a step into the event."""
        return not self.functions and not self.key


def lineage(program: ir.Program) -> list[DerivedFlow]:
    """The flows of filters, and then those of all enabled mappings, in the order of the rules."""
    reach = Reach(program.filters)
    flows = [
        DerivedFlow(
            "", "", derivation.source, "", True, derivation.functions, derivation.conditions, (), derivation.span
        )
        for step in program.filters
        if step.condition is not None
        for derivation in _deciding(step.condition, {})
    ]
    for mapping in program.mappings:
        if mapping.enabled:
            flows += _unique(_flows_of_mapping(mapping, reach))
    return flows


def _unique(flows: Iterable[DerivedFlow]) -> list[DerivedFlow]:
    """Without those that say the same as an earlier one; a path that a value is copied from also decides about it."""
    copied: set[tuple[str, EventPath]] = set()
    flows_by_route: dict[tuple[object, ...], DerivedFlow] = {}
    for flow in flows:
        if not flow.decides:
            copied.add((flow.field, flow.source))
        flows_by_route.setdefault((flow.source, flow.field, flow.decides, flow.functions, flow.conditions), flow)
    return [flow for flow in flows_by_route.values() if not (flow.decides and (flow.field, flow.source) in copied)]


def _flows_of_mapping(mapping: ir.Mapping, reach: Reach) -> Iterator[DerivedFlow]:
    constants = {
        field.facts.name: field.value.value for field in mapping.fields if isinstance(field.value, ir.Constant)
    }
    for derivation in _deciding(mapping.trigger, {}):
        yield from _flow(mapping, "", derivation, reach)
    for assigned in mapping.fields:
        schema = assigned.facts
        for derivation in _ways(assigned.value, {}):
            off = bool(schema.switches) and all(constants.get(name, True) is False for name in schema.switches)
            # The type of a field without effect is checked all the same, and a wrong one fails the mapping.
            scalar = derivation.functions == (UNLESS_A_LIST,) and not derivation.key and schema.type == "object"
            if off or scalar or schema.name in mapping.action.unused:
                derivation = replace(derivation, decides=True)
            for known in _known_keys(schema, derivation):
                yield from _flow(mapping, f"{schema.name}{known.key}", known, reach)


def _known_keys(schema: FieldSchema, derivation: _Way) -> Iterator[_Way]:
    """Of an object that is copied whole into a field with known keys alone, those keys; else the way itself."""
    if derivation.decides or not derivation.is_copy or schema.open or not schema.fields:
        yield derivation
        return
    yield replace(derivation, decides=True)
    at: EventPath = (*derivation.source, ITEM) if schema.multiple else derivation.source
    for key in schema.fields:
        yield replace(derivation, source=(*at, key.name), key=f"{'[]' if schema.multiple else ''}.{key.name}")


def _flow(mapping: ir.Mapping, field: str, derivation: _Way, reach: Reach) -> Iterator[DerivedFlow]:
    left: Excluded
    for left in reach.of(derivation.source):
        yield DerivedFlow(
            mapping.name,
            mapping.action.name,
            left.path,
            field,
            derivation.decides,
            (*derivation.functions, UNLESS_AN_OBJECT) if left.is_shallow else derivation.functions,
            derivation.conditions,
            (*left.without, *derivation.excluded),
            derivation.span,
            left.places,
            left.is_shallow,
        )


_Variables: TypeAlias = dict[int, list[_Way]]
"""Of each variable of a comprehension, the ways that its value comes."""


def _ways(value: ir.Value, variables: _Variables) -> Iterator[_Way]:
    """Every path that a value reads, with the functions applied to it."""
    match value:
        case ir.Constant() | ir.Omit():
            return
        case ir.Read(root, steps):
            yield from _read(root, steps, value.span, variables)
        case ir.Get(target, _):
            yield from _made(_ways(target, variables), "")
        case ir.Template(parts):
            for part in parts:
                if not isinstance(part, str):
                    yield from _made(_ways(part, variables), "template")
        case ir.MakeObject(entries):
            for key, part in entries:
                yield from _below(_ways(part, variables), f".{key}")
        case ir.MakeList(items):
            for part in items:
                yield from _below(_ways(part, variables), "[]")
        case ir.ForEach():
            yield from _each(value, variables)
        case ir.Call("pick" | "without" as function, (source, *keys)) if (named := _named(keys)) is not None:
            for derivation in _ways(source, variables):
                yield from _selected(derivation, function, named)
        case ir.Call(function, arguments):
            for argument in arguments:
                yield from _made(_ways(argument, variables), function)
        case ir.If(condition, then, otherwise):
            yield from _deciding(condition, variables)
            text = condition.span.text
            yield from _under(_ways(then, variables), text)
            yield from _under(_ways(otherwise, variables), f"not ({text})" if text else "")
        case ir.Coalesce(values):
            for part in values:
                yield from _ways(part, variables)
        case ir.Negative(operand):
            yield from _made(_ways(operand, variables), "-")
        case ir.Arithmetic(operator, left, right):
            for part in (left, right):
                yield from _made(_ways(part, variables), operator)
        case _:
            yield from _deciding(value, variables)


def _read(root: int, steps: EventPath, span: Span, variables: _Variables) -> Iterator[_Way]:
    if root == ir.EVENT:
        yield _Way(steps, "", False, (), (), span)
        return
    for derivation in variables[root]:
        # Behind a function, nobody knows which part of its argument a path of its result leads to.
        source = (*derivation.source, *steps) if derivation.is_copy else derivation.source
        yield replace(derivation, source=source, key="", span=span)


def _each(value: ir.ForEach, variables: _Variables) -> Iterator[_Way]:
    """A value that is neither list nor object is its own result; else each item is made of an item of the list."""
    iterable = [*_ways(value.iterable, variables)]
    # One object counts as a list of one, so that a step of an item may also be a step of the value itself.
    items = [
        replace(derivation, source=(*derivation.source, ITEM)) if derivation.is_copy else derivation
        for derivation in iterable
    ]
    inner = {**variables, value.variable: items}
    for derivation in iterable:
        yield replace(derivation, decides=True)
    if value.condition is not None:
        yield from _deciding(value.condition, inner)
    text = "" if value.condition is None else value.condition.span.text
    yield from _under(_below(_ways(value.item, inner), "[]"), text)
    for derivation in iterable:
        yield replace(derivation, functions=(*derivation.functions, UNLESS_A_LIST))


def _named(keys: Iterable[ir.Value]) -> tuple[str, ...] | None:
    """The keys that `pick` and `without` are given, where all of them are written out."""
    named: list[str] = []
    for key in keys:
        for item in key.items if isinstance(key, ir.MakeList) else (key,):
            if not isinstance(item, ir.Constant) or not isinstance(item.value, str):
                return None
            named.append(item.value)
    return tuple(named)


def _selected(derivation: _Way, function: str, keys: tuple[str, ...]) -> Iterator[_Way]:
    """What `pick` or `without` leave of an object; what is not an object fails."""
    if not derivation.is_copy:
        yield replace(derivation, functions=(*derivation.functions, function))
    elif function == "without":
        yield replace(derivation, excluded=(*derivation.excluded, *((*derivation.source, key) for key in keys)))
    else:
        yield replace(derivation, decides=True)
        for key in keys:
            yield replace(derivation, source=(*derivation.source, key), key=f".{key}")


def _deciding(condition: ir.Value, variables: _Variables) -> Iterator[_Way]:
    """Everything that a condition reads."""
    scope = dict(variables)
    for node in ir.walk(condition):
        if isinstance(node, ir.ForEach):
            ways = _ways(node.iterable, scope)
            scope[node.variable] = [
                replace(derivation, source=(*derivation.source, ITEM)) if derivation.is_copy else derivation
                for derivation in ways
            ]
        elif isinstance(node, ir.Read):
            for derivation in _read(node.root, node.steps, node.span, scope):
                yield replace(derivation, decides=True, key="")


def _made(ways: Iterable[_Way], function: str) -> Iterator[_Way]:
    for derivation in ways:
        yield replace(
            derivation, key="", functions=(*derivation.functions, function) if function else derivation.functions
        )


def _below(ways: Iterable[_Way], key: str) -> Iterator[_Way]:
    for derivation in ways:
        yield replace(derivation, key=key + derivation.key)


def _under(ways: Iterable[_Way], condition: str) -> Iterator[_Way]:
    for derivation in ways:
        yield replace(derivation, conditions=(condition, *derivation.conditions)) if condition else derivation


def _begins(path: EventPath, with_: EventPath) -> bool:
    """Whether a path leads to a place, or below it; an item of a list matches every index, and no step at all.

    One object counts as a list of one where a comprehension reads it, so its keys are those of an item too.
    """
    if not with_:
        return True
    if with_[0] == ITEM:
        return _begins(path, with_[1:]) or (bool(path) and _begins(path[1:], with_[1:]))
    if path and path[0] == ITEM:
        return _begins(path[1:], with_) or (isinstance(with_[0], int) and _begins(path[1:], with_[1:]))
    return bool(path) and _is_same(path[0], with_[0]) and _begins(path[1:], with_[1:])


def _is_same(step: FilterStep, other: FilterStep) -> bool:
    """Whether two steps can lead to one key; a pattern leads to every key that it matches."""
    if isinstance(other, KeyPattern):
        return isinstance(step, KeyPattern) or matches(other.glob, str(step))
    return matches(step.glob, str(other)) if isinstance(step, KeyPattern) else str(step) == str(other)
