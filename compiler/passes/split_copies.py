"""Splits the parts that only copy a value from those that compute one: what is only copied can be done by a table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from .. import program
from ..plan import Copied, Create, Part, Place, Put, Within, flat
from .group_reads import within

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


def copied(put: Put) -> Copied | None:
    """How a part copies: what may stand at which paths; None for one that does more than that."""
    kinds = {_kind(place) for place in put.places}
    paths = tuple(_paths(put.value))
    if len(kinds) != 1 or not paths or None in paths:
        return None
    (kind,) = kinds
    known = tuple(path for path in paths if path is not None)
    # Null in place of an object on the way reads as null too, which only a field that takes null tells from nothing.
    if kind is None or (kind == "filled text or null" and any(len(path) > 1 for path in known)):
        return None
    return Copied(kind, known)


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
    """What a place takes as it stands; None where it takes nothing so."""
    facts = place.facts
    if facts is None or facts.multiple or facts.choices or facts.fields or place.level == "item":
        return None
    if facts.type == "datetime":
        return "anything" if _is_steering(place) and not facts.nullable else None
    if facts.type == "string" and place.level == "top":
        return "filled text or null" if facts.nullable else "filled text"
    if facts.nullable:
        return None
    return {"string": "text"}.get(facts.type, facts.type)


def _paths(value: program.Value) -> Iterator[tuple[str, ...] | None]:
    """The paths of which a value is the first that is there; None among them for anything else."""
    match value:
        case program.Read(program.EVENT, steps) if steps:
            names = tuple(step for step in steps if isinstance(step, str))
            yield names if len(names) == len(steps) else None
        case program.Coalesce(values):
            for one in values:
                yield from _paths(one)
        case _:
            yield None
