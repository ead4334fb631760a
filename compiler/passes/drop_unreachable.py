"""Removes what no event can reach: a branch never taken, an alternative after a value that is always there."""

from __future__ import annotations

from collections.abc import Iterator

from .. import program
from ..types import NOTHING, kinds
from .fold_constants import decided


def drop_unreachable(value: program.Value) -> program.Value:
    """The value without such parts; they have been simplified before."""
    match value:
        case program.Choose(program.All(()), then, _):
            return then
        case program.Choose(program.AnyOf(()), _, otherwise):
            return otherwise
        case program.Coalesce(values):
            return _coalesced(value, tuple(_alternatives(values)))
        case program.All(conditions):
            return _joined(value, conditions, neutral=program.All, absorbing=program.AnyOf)
        case program.AnyOf(conditions):
            return _joined(value, conditions, neutral=program.AnyOf, absorbing=program.All)
        case _:
            return value


def _alternatives(values: tuple[program.Value, ...]) -> Iterator[program.Value]:
    """What can be the first that is there, up to one that always is; the last stays, for it may be the answer."""
    for value in values[:-1]:
        if kinds(value) <= NOTHING and isinstance(value, program.Constant | program.Nothing):
            continue
        yield value
        if not kinds(value) & NOTHING:
            return
    yield values[-1]


def _coalesced(value: program.Coalesce, values: tuple[program.Value, ...]) -> program.Value:
    if len(values) == 1:
        return values[0]
    return value if values == value.values else program.Coalesce(values, span=value.span)


def _joined(
    value: program.All | program.AnyOf,
    conditions: tuple[program.Condition, ...],
    *,
    neutral: type[program.All] | type[program.AnyOf],
    absorbing: type[program.All] | type[program.AnyOf],
) -> program.Condition:
    """`and` without what is always true (`or` without what is always false), and decided where one part decides it."""
    kept: list[program.Condition] = []
    for condition in conditions:
        if isinstance(condition, absorbing) and not condition.conditions:
            if not any(map(_may_fail, kept)):
                return decided(absorbing is program.All, value.span)
            kept.append(condition)
            break
        if not (isinstance(condition, neutral) and not condition.conditions):
            kept.append(condition)
    if len(kept) == 1:
        return kept[0]
    return value if tuple(kept) == conditions else neutral(tuple(kept), span=value.span)


def _may_fail(condition: program.Condition) -> bool:
    """Whether a function in it may stop the mapping before the rest is asked."""
    return any(
        isinstance(node, program.Negative | program.Arithmetic) or (isinstance(node, program.Apply) and node.fails)
        for node in program.walk(condition)
    )
