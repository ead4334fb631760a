"""Routes totals: a unit price that comes from the total of a purchase goes to the field of the total.

`price = coalesce(properties.price, properties.total)` beside a quantity gives a price for one event and the amount of
the whole purchase for another; the amount must not be multiplied. The branch that gives the value decides, so that this
is known from the rules alone. Where there is no quantity, price and total are the same, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import TypeAlias

from ...dsl.source import NOWHERE
from .. import ir
from ..catalog import FieldSchema, TotalSchema
from ..ir import Condition, Value
from ..optimize.constant_folding import decided

ReadTest: TypeAlias = Callable[[ir.Read | ir.Get], bool]

_MOST_COMPARED = 64
"""Nodes of a value that is compared with its parts; of a larger one, each part counts as chosen."""
_YES = ir.All(())
_NO = ir.AnyOf(())


def route_totals(whole: ir.Program) -> ir.Program:
    """The program in which all mappings put totals into the fields for totals."""
    mappings = (replace(mapping, fields=with_totals(mapping)) for mapping in whole.mappings)
    return replace(whole, mappings=tuple(mappings))


def with_totals(mapping: ir.Mapping) -> tuple[ir.FieldValue, ...]:
    """The fields of a mapping, with totals in the fields for totals."""
    known = {facts.name: facts for facts in mapping.action.fields if facts.name not in mapping.action.unused}
    fields = {field.facts.name: replace(field, value=_in_objects(field.value, field.facts)) for field in mapping.fields}
    values = {name: field.value for name, field in fields.items() if name in known}
    for name, value in _routed(values, known).items():
        field = fields.get(name) or ir.FieldValue(known[name], value, value.span)
        fields[name] = replace(field, value=value)
    return tuple(fields.values())


def _in_objects(value: Value, facts: FieldSchema) -> Value:
    """The same for the objects that a field holds, such as the lines of an order."""
    known = {inner.name: inner for inner in facts.fields}
    if not any(inner.total for inner in facts.fields):
        return value
    match value:
        case ir.MakeObject(entries):
            routed = {**dict(entries), **_routed(dict(entries), known)}
            return replace(value, entries=tuple(routed.items()))
        case ir.ForEach(item):
            return replace(value, item=_in_objects(item, facts))
        case ir.MakeList(items):
            return replace(value, items=tuple(_in_objects(item, facts) for item in items))
        case ir.If(_, then, otherwise):
            return replace(value, then=_in_objects(then, facts), otherwise=_in_objects(otherwise, facts))
        case ir.Coalesce(values):
            return replace(value, values=tuple(_in_objects(alternative, facts) for alternative in values))
        case _:
            return value


def _routed(values: Mapping[str, Value], known: Mapping[str, FieldSchema]) -> dict[str, Value]:
    """The values that change, by field: of each unit price that may be a total, and of the total's own field."""
    changed: dict[str, Value] = {}
    for name, value in values.items():
        total = known[name].total if name in known else None
        count = None if total is None else values.get(total.count)
        if total is None or count is None or isinstance(count, ir.Omit):
            continue
        route = _Route(total, count, values.get(total.field) or ir.Omit(span=value.span))
        price, amount = route.split(value)
        if price is not value:
            changed |= {name: price, total.field: amount}
    return changed


class _Route:
    """One unit price beside its count, and the value that the total has without it."""

    def __init__(self, total: TotalSchema, count: Value, otherwise: Value) -> None:
        self._keys = frozenset(total.keys)
        self._count = count
        self._counted = set(_reads(count))
        self._otherwise = otherwise

    def split(self, value: Value) -> tuple[Value, Value]:
        """The unit price that is left of a value, and the total; the value itself where it is never a total."""
        if isinstance(value, ir.If):
            (then, amount), (otherwise, other_amount) = self.split(value.then), self.split(value.otherwise)
            if then is value.then and otherwise is value.otherwise:
                return value, self._otherwise
            price = replace(value, then=then, otherwise=otherwise)
            return price, replace(value, then=amount, otherwise=other_amount)
        is_total = self._is_total(value)
        if is_total == _NO:
            return value, self._otherwise
        span = value.span
        several = _all(is_total, self._several())
        amount = ir.Coalesce((value, self._otherwise), span=span)
        return (
            ir.If(several, ir.Omit(span=span), value, span=span),
            ir.If(several, amount, self._otherwise, span=span),
        )

    def _several(self) -> Condition:
        """Whether the count says another number than one."""
        is_one = ir.Compare("=", self._count, ir.Constant(1))
        return _all(ir.Compare("!=", self._count, ir.Constant(None)), ir.Not(is_one))

    def _is_total(self, value: Value) -> Condition:
        """Whether a value is computed from a total, and from nothing that the count is computed from.

        A total divided by the count is a unit price.
        """
        return _all(self._any(value, self._is_of_total), _not(self._any(value, self._is_of_count)))

    def _is_of_total(self, read: ir.Read | ir.Get) -> bool:
        return not self._keys.isdisjoint(read.steps)

    def _is_of_count(self, read: ir.Read | ir.Get) -> bool:
        return read in self._counted

    def _any(self, value: Value, test: ReadTest) -> Condition:
        """Whether a test is true of a path that a value is computed from; conditions only choose."""
        match value:
            case ir.Read():
                return decided(test(value), NOWHERE)
            case ir.Get(target):
                return _any_of([decided(test(value), NOWHERE), self._any(target, test)])
            case ir.If(condition, then, otherwise):
                return _either(condition, self._any(then, test), self._any(otherwise, test))
            case ir.Coalesce((*tried, last)):
                is_any = self._any(last, test)
                for alternative in reversed(tried):
                    is_absent = ir.Compare("=", alternative, ir.Constant(None))
                    is_any = _either(is_absent, is_any, self._any(alternative, test))
                return is_any
            case ir.Call("default", (value, fallback)):
                is_replaced = ir.AnyOf(tuple(ir.Compare("=", value, ir.Constant(empty)) for empty in (None, "")))
                return _either(is_replaced, self._any(fallback, test), self._any(value, test))
            case ir.Call("max" | "min", (ir.MakeList(parts),)) | ir.Call("max" | "min", parts):
                return _chosen(value, [(part, self._any(part, test)) for part in parts])
            case ir.Call("first", (ir.MakeList((first, *_)),)) | ir.Call("last", (ir.MakeList((*_, first)),)):
                return self._any(first, test)
            case ir.Call(_, parts) | ir.Template(parts):
                return _any_of([self._any(part, test) for part in parts if not isinstance(part, str)])
            case ir.Arithmetic(_, left, right):
                return _any_of([self._any(left, test), self._any(right, test)])
            case ir.Negative(operand):
                return self._any(operand, test)
            case _:
                # a condition inside of a comprehension means nothing outside of it
                return decided(any(map(test, _reads(value))), NOWHERE)


def _chosen(value: Value, parts: list[tuple[Value, Condition]]) -> Condition:
    """What is true of the part that a value equals, of several that it is one of."""
    if all(condition == parts[0][1] for _, condition in parts):
        return parts[0][1] if parts else _NO
    # Each level of one in another is compared as a whole, which must not grow as the square of what is written.
    if len(list(islice(ir.walk(value), _MOST_COMPARED + 1))) > _MOST_COMPARED:
        return _any_of(condition for _, condition in parts)
    return _any_of([_all(ir.Compare("=", part, value), condition) for part, condition in parts])


def _reads(value: Value) -> Iterator[ir.Read | ir.Get]:
    return (node for node in ir.walk(value) if isinstance(node, ir.Read | ir.Get))


def _either(condition: Condition, then: Condition, otherwise: Condition) -> Condition:
    """`then` where the condition is true, and `otherwise` where it is false."""
    if then == otherwise:
        return then
    return _any_of([_all(condition, then), _all(_not(condition), otherwise)])


def _not(condition: Condition) -> Condition:
    if condition in (_YES, _NO):
        return decided(condition == _NO, NOWHERE)
    return ir.Not(condition)


def _all(left: Condition, right: Condition) -> Condition:
    if _NO in (left, right):
        return decided(False, NOWHERE)
    if _YES in (left, right):
        return right if left == _YES else left
    return ir.All((left, right))


def _any_of(conditions: Iterable[Condition]) -> Condition:
    kept = [condition for condition in conditions if condition != _NO]
    if not kept or _YES in kept:
        return decided(bool(kept), NOWHERE)
    return kept[0] if len(kept) == 1 else ir.AnyOf(tuple(kept))
