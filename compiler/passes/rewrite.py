"""Applies the passes on values from the leaves up, so that each sees what the others made of the parts below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from .. import program
from .drop_unreachable import drop_unreachable
from .fold_constants import fold_constants

AnyPart = TypeVar("AnyPart", bound=Any)

_PASSES: Sequence[Callable[[program.Value], program.Value]] = (fold_constants, drop_unreachable)


def simplify(whole: program.Program) -> program.Program:
    """The program with all its conditions and values simplified; it means the same for every event."""
    filters = tuple(replace(step, condition=simplified(step.condition)) for step in whole.filters)
    mappings = tuple(
        replace(
            mapping,
            trigger=simplified(mapping.trigger),
            fields=tuple(
                replace(field, value=value)
                for field in mapping.fields
                if not isinstance(value := simplified(field.value), program.Nothing)
            ),
        )
        for mapping in whole.mappings
    )
    return replace(whole, filters=filters, mappings=mappings)


def simplified(part: AnyPart) -> AnyPart:
    """A value or a condition, or a tuple of such, simplified; anything else as it is."""
    if not isinstance(part, tuple | program.Node):
        return part
    value: Any = program.with_parts(part, simplified)
    if isinstance(part, tuple):
        return value  # type: ignore[no-any-return]
    for one in _PASSES:
        value = one(value)
    return value  # type: ignore[no-any-return]
