"""Splits the parts that only copy a value from those that compute one: what is only copied can be done by a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from .. import ir
from .group_reads import within
from .mapping_plan import Copied, Create, Part, Place, Put, Within, flat
from .place_fields import entries

FEWEST = 4
"""So many copies are worth a table."""


def split_copies(parts: Sequence[Part]) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The parts that copy, and all others; none that copy where those are too few."""
    held = {part.place.path for part in flat(parts) if isinstance(part, Create) and _is_steering(part.place)}

    def copies(part: Create | Put) -> bool:
        if isinstance(part, Create):
            return part.place.use == "checked" or part.place.path in held
        return copied(part) is not None and all(
            place.use == "checked" or place.level == "top" or place.path[:-1] in held for place in part.places
        )

    copying = _kept(parts, copies)
    if sum(isinstance(part, Put) for part in flat(copying)) < FEWEST:
        return (), tuple(parts)
    return copying, _kept(parts, lambda part: not copies(part))


def copied(put: Put, root: int = ir.EVENT) -> Copied | None:
    """How a part copies from the event, or from the item of a list; None for one that does more than that."""
    if isinstance(put.value, ir.Each):
        return _copied_items(put.value, put.places[0], root)
    kinds = {_kind(place) for place in put.places}
    paths = _paths(put.value, root)
    if len(kinds) != 1 or not paths:
        return None
    (kind,) = kinds
    # Null in place of an object on the way reads as null too, which only a field that takes null tells from nothing.
    if kind is None or (kind.endswith("or null") and any(len(path) > 1 for path in paths)):
        return None
    return Copied(kind, paths)


def _copied_items(each: ir.Each, place: Place, root: int) -> Copied | None:
    """How a list is copied whose items are objects of the rules; `join_places` leaves it one place."""
    paths = _paths(each.iterable, root)
    if each.condition is not None or not paths or not isinstance(each.item, ir.MakeObject):
        return None
    if place.facts is None or not place.facts.multiple:
        return None
    items: list[tuple[str, Copied]] = []
    for part in entries(each.item, place.facts, Place(place.path, place.facts, "item", "sent")):
        if not isinstance(part, Put) or (copy := copied(part, each.variable)) is None:
            return None
        items.append((part.places[0].path[-1], copy))
    return Copied("items", paths, tuple(items))


def _kept(parts: Iterable[Part], keeps: Callable[[Create | Put], bool]) -> tuple[Part, ...]:
    kept: list[Part] = []
    for part in parts:
        if not isinstance(part, Within):
            if keeps(part):
                kept.append(part)
        elif inner := _kept(part.parts, keeps):
            kept.append(within(part.path, inner))
    return tuple(kept)


def _is_steering(place: Place) -> bool:
    return place.level == "top" and place.use == "steering"


def _kind(place: Place) -> str | None:
    """What a place takes as it stands, but for null in an item; None where it takes nothing so."""
    facts = place.facts
    if facts is None:
        return "anything" if place.level == "item" else None
    if facts.multiple or facts.choices or facts.fields:
        return None
    if facts.type == "datetime":
        return "anything" if _is_steering(place) and not facts.nullable else None
    if facts.type == "string" and (facts.visible or place.level == "top"):
        return f"{'visible' if facts.visible else 'filled'} text{' or null' if facts.nullable else ''}"
    if facts.nullable:
        return None
    return {"string": "text"}.get(facts.type, facts.type)


def _paths(value: ir.Value, root: int) -> tuple[tuple[str, ...], ...]:
    """The paths of keys of which a value is the first that is there; none for anything else."""
    found: list[tuple[str, ...]] = []
    for one in value.values if isinstance(value, ir.Coalesce) else (value,):
        match one:
            case ir.Coalesce():
                inner = _paths(one, root)
            case ir.Read(at, steps) if at == root:
                names = tuple(step for step in steps if isinstance(step, str))
                inner = (names,) if names and len(names) == len(steps) else ()
            case _:
                inner = ()
        if not inner:
            return ()
        found += inner
    return tuple(found)
