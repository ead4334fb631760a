"""Applies the passes to values, from the leaves up, so that each pass sees simplified parts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from .. import ir
from .constant_folding import as_field, fold_constants
from .unreachable import drop_unreachable

AnyPart = TypeVar("AnyPart", bound=Any)

_PASSES: Sequence[Callable[[ir.Value], ir.Value]] = (fold_constants, drop_unreachable)


def simplify(whole: ir.Program) -> ir.Program:
    """The program with all its conditions and values simplified; it means the same for every event."""
    filters = tuple(replace(step, condition=simplified(step.condition)) for step in whole.filters)
    mappings = tuple(
        replace(
            mapping,
            trigger=simplified(mapping.trigger),
            fields=tuple(
                replace(field, value=value)
                for field in mapping.fields
                if not isinstance(value := as_field(simplified(field.value)), ir.Omit)
            ),
        )
        for mapping in whole.mappings
    )
    return replace(whole, filters=filters, mappings=mappings)


def simplified(part: AnyPart) -> AnyPart:
    """A value or a condition, or a tuple of such, simplified; anything else as it is."""
    if not isinstance(part, tuple | ir.Node):
        return part
    value: Any = ir.with_parts(part, simplified)
    if isinstance(part, tuple):
        return value  # type: ignore[no-any-return]
    if isinstance(part, ir.Compare) and part.operator == "!=":
        value = replace(
            value, left=_unless_literal(part.left, value.left), right=_unless_literal(part.right, value.right)
        )
    for rewrite in _PASSES:
        value = rewrite(value)
    return value  # type: ignore[no-any-return]


def _unless_literal(side: ir.Value, simpler: ir.Value) -> ir.Value:
    """The simpler side of `!=`, unless it became a literal: the literals that authors write decide what `!=` means."""
    return side if isinstance(simpler, ir.Constant) and not isinstance(side, ir.Constant) else simpler
