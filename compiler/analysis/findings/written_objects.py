"""The object literals in a value, each with the condition under which the value has its entries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ... import ir
from ...value_types import NOTHING, kinds
from ..sets.values import EMPTY, MISSING_OR_NULL
from ..solver.condition_to_formula import MOST_FORKS, formula_of, value_in
from ..solver.formula import ALWAYS, Formula, every, negation


def alternatives(value: ir.Value, when: Formula = ALWAYS) -> Iterator[tuple[Formula, ir.Value]]:
    """What a value can be, or be made of, with when it is: the branches of conditions, the arguments of a merge.

    Too weak in two cases, which running an event shows: an entry of one argument of a merge
    may be hidden by a later one, and in a long `coalesce` nothing is said of the values before each.
    """
    match value:
        case ir.If(condition, then, otherwise):
            holds = formula_of(condition)
            yield from alternatives(then, every((when, holds)))
            yield from alternatives(otherwise, every((when, negation(holds))))
        case ir.Coalesce(values, visible):
            passed_over = EMPTY if visible else MISSING_OR_NULL
            for alternative in values:
                yield from alternatives(alternative, when)
                if len(values) <= MOST_FORKS:
                    when = every((when, value_in(alternative, passed_over)))
        case ir.Call("default", (first, second)):
            yield from alternatives(first, when)
            yield from alternatives(second, every((when, value_in(first, EMPTY))))
        case ir.Call("merge", arguments):
            for argument in arguments:
                yield from alternatives(argument, when)
        case ir.Call("compact", (argument,)):
            for reached, alternative in alternatives(argument, when):
                yield reached, _without_nulls(alternative)
        case _:
            yield when, value


def _without_nulls(value: ir.Value) -> ir.Value:
    """What `compact` leaves of an object that is written: entries that are always null go."""
    if not isinstance(value, ir.MakeObject):
        return value
    entries = ((key, _without_nulls(entry)) for key, entry in value.entries if not kinds(entry) <= NOTHING)
    return replace(value, entries=tuple(entries))


def written_objects(value: ir.Value) -> Iterator[tuple[Formula, ir.MakeObject]]:
    """The alternatives that are objects with entries."""
    return ((when, alternative) for when, alternative in alternatives(value) if isinstance(alternative, ir.MakeObject))
