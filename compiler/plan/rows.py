"""Finds the parts of a mapping that only copy a value, and makes rows of them."""

from __future__ import annotations

from collections.abc import Sequence

from .. import ir
from .accepted_values import accepted_kind, accepts_null
from .mapping_plan import Create, Part, Path, Place, Row, Store
from .place_fields import entries


def split_rows(parts: Sequence[Part]) -> tuple[list[Row], list[Create], list[Part]]:
    """The rows, the objects that they fill, and all other parts."""
    filled = {part.place.path for part in parts if isinstance(part, Create) and part.place.is_control}
    rows: list[Row] = []
    objects: list[Create] = []
    others: list[Part] = []
    for part in parts:
        if isinstance(part, Create):
            if part.place.path in filled:
                objects.append(part)
            elif part.place.use != "checked":
                others.append(part)
        elif (row := row_of(part)) is not None and all(_is_held(place, filled) for place in part.places):
            rows.append(row)
        else:
            others.append(part)
    return rows, objects, others


def _is_held(place: Place, filled: set[Path]) -> bool:
    """Whether a value goes to a result of rows, or into one."""
    return place.use == "checked" or place.level == "top" or place.path[:-1] in filled


def row_of(store: Store, root: int = ir.EVENT) -> Row | None:
    """The row of a part that copies from the event, or from the item of a list; None for one that does more."""
    if isinstance(store.value, ir.ForEach):
        return _row_of_items(store.value, store.places[0], root)
    kinds = {_row_kind(place) for place in store.places}
    paths = _paths(store.value, root)
    if len(kinds) != 1 or not paths:
        return None
    (kind,) = kinds
    # Null in place of an object on the way reads as null too, which only a field that takes null tells from nothing.
    if kind is None or (kind.endswith("or null") and any(len(path) > 1 for path in paths)):
        return None
    return Row(kind, store.places, paths)


def _row_of_items(each: ir.ForEach, place: Place, root: int) -> Row | None:
    """The row of a list whose items are objects of the rules; `join_places` leaves it one place."""
    paths = _paths(each.iterable, root)
    if each.condition is not None or not paths or not isinstance(each.item, ir.MakeObject):
        return None
    if place.facts is None or not place.facts.multiple or place.use == "checked":
        return None
    items: list[Row] = []
    for part in entries(each.item, place.facts, Place(place.path, place.facts, "item", "sent")):
        if not isinstance(part, Store) or (row := row_of(part, each.variable)) is None:
            return None
        items.append(row)
    return Row("items", (place,), paths, tuple(items))


def _row_kind(place: Place) -> str | None:
    """The kind of row that fills a place; None where no row does."""
    kind = accepted_kind(place)
    if kind is None or place.facts is None or not place.facts.nullable:
        return kind
    return f"{kind} or null" if accepts_null(place) else None


def _paths(value: ir.Value, root: int) -> tuple[Path, ...]:
    """The paths of keys that a value is the first of; none for anything else."""
    match value:
        case ir.Read(at, steps) if at == root:
            names = tuple(step for step in steps if isinstance(step, str))
            return (names,) if names and len(names) == len(steps) else ()
        case ir.Coalesce(values):
            inner = [_paths(inner_value, root) for inner_value in values]
            return tuple(path for paths in inner for path in paths) if all(inner) else ()
        case _:
            return ()
