"""Joins places that take the same value in the same way, so that it is read and checked once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .. import ir
from .mapping_plan import Create, Part, Place, Store


def join_places(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts; those that store the same value become one, at the position of the first."""
    joined: dict[Any, Store] = {}
    order: list[Create | object] = []
    for part in parts:
        if isinstance(part, Create) or isinstance(part.value, ir.Constant):
            order.append(part)
            continue
        key = (part.value, *(_way(place) for place in part.places))
        before = joined.get(key)
        if before is None:
            order.append(key)
        joined[key] = part if before is None else Store(part.value, (*before.places, *part.places))
    for entry in order:
        yield entry if isinstance(entry, Part) else joined[entry]


def _way(place: Place) -> tuple[Any, ...]:
    """What decides how a value is taken; a place that makes something else of every value has a way of its own."""
    facts = place.facts
    if (
        facts is None
        or facts.multiple
        or facts.fields
        or facts.choices
        or (place.use != "sent" and place.level == "top")
    ):
        return (place,)
    return facts.type, facts.nullable, facts.visible, place.level
