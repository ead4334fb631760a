"""The intermediate form between the checked program and Python: what a mapping does, in its order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ...dsl.ast import Scalar, Step
from ...dsl.source import NOWHERE, Span
from ..catalog import FieldSchema
from ..ir import Value

Level: TypeAlias = Literal["top", "inside", "item"]
"""Where a field stands: at the top, in an object, or in an item of a list. Empty text is no value at the top, null is
none at the top and in an object, and in an item everything counts but what is missing."""

Use: TypeAlias = Literal["sent", "steering", "checked"]
"""A value is sent in the body, or given to the action's `build` by name, or only has to be of the right type."""


Leaf: TypeAlias = Literal["string", "object"]
"""What all readers of a path of the event expect there, if they agree."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value goes."""

    path: tuple[str, ...]
    """The field, and for a key of an object the keys that lead there."""
    facts: FieldSchema | None
    """None for a key that the action does not know and keeps as it is."""
    level: Level
    use: Use
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Create:
    """An object that is there for every event, into which other parts put their values."""

    place: Place
    fixed: tuple[tuple[str, Scalar], ...] = ()
    """What stands in it for every event."""


@dataclass(frozen=True, slots=True)
class Put:
    """A value, computed once, into all places that take it in the same way."""

    value: Value
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """What comes from one object of the event, and is passed over as a whole where that object is not there."""

    path: tuple[Step, ...]
    parts: tuple[Part, ...]
    nulls: bool
    """Null in place of the object is the same as no object."""


Part: TypeAlias = Create | Put | Within


@dataclass(frozen=True, slots=True)
class Copied:
    """How a value is only copied: what it must be to stand as it is, and the paths of which it is the first there."""

    kind: str
    """As the runtime's tables of copies name it."""
    paths: tuple[tuple[str, ...], ...]
    items: tuple[tuple[str, Copied], ...] = ()
    """Of a list whose items are copied one by one: each key with how its value is copied from the item."""


def flat(parts: Iterable[Part]) -> Iterator[Create | Put]:
    """The parts without the objects that they stand within."""
    for part in parts:
        if isinstance(part, Within):
            yield from flat(part.parts)
        else:
            yield part


def nulls(place: Place) -> bool:
    """Whether null and missing are the same to a place."""
    return place.facts is not None and not place.facts.nullable and place.level != "item"


def values_of(parts: Iterable[Part], block: tuple[Step, ...] = ()) -> Iterator[tuple[Value, bool, tuple[Step, ...]]]:
    """The values of parts, each with whether null and missing are the same for it, and the object it stands within."""
    for part in parts:
        match part:
            case Put(value, places):
                yield value, nulls(places[0]), block
            case Within(path, inner):
                yield from values_of(inner, path)
            case _:
                pass
