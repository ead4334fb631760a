"""Splits fields into the places that values go into: an object with known keys has a place for each key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .. import ir
from ..catalog import FieldSchema
from .accepted_values import accepts_constant
from .mapping_plan import Create, Level, Part, Place, Store, Use


def place_fields(fields: Iterable[ir.FieldValue], unused: frozenset[str] = frozenset()) -> Iterator[Part]:
    """The parts that fill the fields, in their order; `unused` control fields are only checked."""
    for field in fields:
        use: Use = "sent"
        if field.facts.role == "control":
            use = "checked" if field.facts.name in unused else "control"
        place = Place((field.facts.name,), field.facts, "top", use, field.span)
        yield from _parts(place, field.value)


def entries(value: ir.MakeObject, facts: FieldSchema, owner: Place) -> Iterator[Part]:
    """The parts that fill an object's keys; a key that the object cannot hold is left out."""
    known = {inner.name: inner for inner in facts.fields}
    level: Level = "item" if owner.level == "item" else "inside"
    for key, entry in value.entries:
        if key in known or facts.open:
            place = Place((*owner.path, key), known.get(key), level, owner.use, entry.span)
            yield from _parts(place, entry)


def _parts(place: Place, value: ir.Value) -> Iterator[Part]:
    facts = place.facts
    if isinstance(value, ir.MakeObject) and facts is not None and is_known_object(facts):
        fixed: list[tuple[str, Any]] = []
        inner: list[Part] = []
        for part in entries(value, facts, place):
            constant = _fixed(part)
            if constant is None:
                inner.append(part)
            else:
                fixed.append(constant)
        yield Create(place, tuple(fixed))
        yield from inner
    elif not (isinstance(value, ir.Constant) and value.value == "" and place.level == "top"):
        yield Store(value, (place,))


def _fixed(part: Part) -> tuple[str, Any] | None:
    """A key with the value that it has for every event, if that is of a class which the key takes as it is."""
    if isinstance(part, Create) or not isinstance(part.value, ir.Constant):
        return None
    place, constant = part.places[0], part.value.value
    return (place.path[-1], constant) if accepts_constant(place, constant) else None


def is_known_object(facts: FieldSchema) -> bool:
    """Whether a field is one object whose keys the action knows."""
    return facts.type == "object" and bool(facts.fields) and not facts.multiple
