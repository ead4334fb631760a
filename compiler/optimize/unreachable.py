"""Removes unreachable parts: a branch that is never taken, an alternative after a value that always exists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .. import ir
from ..value_types import NOTHING, kinds, may_be_blank, may_fail
from .constant_folding import decided


def drop_unreachable(value: ir.Value) -> ir.Value:
    """The value without unreachable parts; its parts are already simplified."""
    match value:
        case ir.If(ir.All(()), then, _):
            return then
        case ir.If(ir.AnyOf(()), _, otherwise):
            return otherwise
        case ir.Coalesce(values, visible):
            return _coalesced(value, tuple(_alternatives(values, visible)))
        case ir.All(conditions):
            return _joined(value, conditions, neutral=ir.All, absorbing=ir.AnyOf)
        case ir.AnyOf(conditions):
            return _joined(value, conditions, neutral=ir.AnyOf, absorbing=ir.All)
        case _:
            return value


def _alternatives(values: tuple[ir.Value, ...], visible: bool) -> Iterator[ir.Value]:
    """The values that can be chosen, up to the first that is always there; the last stays as the answer."""
    for value in values[:-1]:
        if kinds(value) <= NOTHING and isinstance(value, ir.Constant | ir.Omit):
            continue
        yield value
        if not kinds(value) & NOTHING and not (visible and may_be_blank(value)):
            return
    yield values[-1]


def _coalesced(value: ir.Coalesce, values: tuple[ir.Value, ...]) -> ir.Value:
    if len(values) == 1:
        return values[0]
    return value if values == value.values else replace(value, values=values)


def _joined(
    value: ir.All | ir.AnyOf,
    conditions: tuple[ir.Condition, ...],
    *,
    neutral: type[ir.All] | type[ir.AnyOf],
    absorbing: type[ir.All] | type[ir.AnyOf],
) -> ir.Condition:
    """`and` without what is always true (`or` without what is always false), and decided where one part decides it."""
    kept: list[ir.Condition] = []
    for condition in conditions:
        if isinstance(condition, absorbing) and not condition.conditions:
            if not any(map(may_fail, kept)):
                return decided(absorbing is ir.All, value.span)
            kept.append(condition)
            break
        if not (isinstance(condition, neutral) and not condition.conditions):
            kept.append(condition)
    if len(kept) == 1:
        return kept[0]
    return value if tuple(kept) == conditions else neutral(tuple(kept), span=value.span)
