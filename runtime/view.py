"""Views: what the rules read of an event, as objects that are made from JSON text or from dicts without the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import msgspec

from .missing import MISSING
from .readable import Readable, readable

View: TypeAlias = type[msgspec.Struct]


@dataclass(frozen=True, slots=True)
class _Inside:
    key: str
    view: View


@dataclass(frozen=True, slots=True)
class _OrMissing:
    key: str


def object_view(**fields: str | _Inside | _OrMissing) -> View:
    """A class for an object of an event: its attributes, each by the key it is read from, None for no such key.

    Values are taken as they stand, of whatever type they are.
    """
    return msgspec.defstruct(
        "View",
        [
            (attribute, _type_of(of), MISSING if isinstance(of, _OrMissing) else None)
            for attribute, of in fields.items()
        ],
        rename={attribute: of if isinstance(of, str) else of.key for attribute, of in fields.items()},
        namespace={"sources": tuple((attribute, of) for attribute, of in fields.items())},
        gc=False,
    )


def inside(key: str, view: View) -> _Inside:
    """A key whose object is read into; the attribute is an instance of its view."""
    return _Inside(key, view)


def or_missing(key: str) -> _OrMissing:
    """A key that reads as MISSING where it is not there, for that is told from null."""
    return _OrMissing(key)


def _type_of(of: str | _Inside | _OrMissing) -> Any:
    return of.view | None if isinstance(of, _Inside) else Any


def viewer(view: View) -> Callable[[dict[str, Any]], Any]:
    """A function from an event to its view; what stands where an object should be is read as Segment reads it."""
    convert = msgspec.convert

    def view_of(event: dict[str, Any]) -> Any:
        try:
            return convert(event, view)
        except msgspec.ValidationError:
            return _read_view(view, readable(event))

    return view_of


def _read_view(view: Any, source: Readable) -> Any:
    values: dict[str, Any] = {}
    for attribute, of in view.sources:
        if isinstance(of, str):
            values[attribute] = source.get(of)
        elif isinstance(of, _OrMissing):
            values[attribute] = source.get(of.key, MISSING)
        else:
            value = source.get(of.key)
            values[attribute] = None if value is None else _read_view(of.view, readable(value))
    return view(**values)
