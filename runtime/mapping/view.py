"""Views: the parts of an event that the rules read, decoded from JSON text without the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeAlias

import msgspec

from ...frozen import dataclass
from ..semantics.missing import MISSING

View: TypeAlias = type[msgspec.Struct]
TEXT = str | None
VALUE_OBJECT = dict[str, Any] | None
"""An object that is taken whole."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an object of an event, and its possible values."""

    name: str
    type: Any
    default: Any = None
    view: View | None = None
    """The view of the object at the key."""


def object_view(**fields: Key) -> View:
    """A class for an object of an event: its attributes, each by the key it is read from."""
    return msgspec.defstruct(
        "View",
        [(attribute, key.type, key.default) for attribute, key in fields.items()],
        namespace={"__members__": {key.name: (attribute, key) for attribute, key in fields.items()}},
        rename={attribute: key.name for attribute, key in fields.items()},
        gc=False,
    )


def member(view: View, key: str) -> tuple[Any, View | None]:
    """The descriptor of a view for a key, and the view of an object at the key; None if that is read whole.

    Raises KeyError for a key that the view does not hold.
    """
    attribute, key_type = key_of(view, key)
    return getattr(view, attribute), key_type.view


def has_key(view: View, key: str) -> bool:
    """Whether a view holds the value of a key."""
    return key in view.__members__  # type: ignore[attr-defined]


def key_of(view: View, key: str) -> tuple[str, Key]:
    """The attribute of a view that holds the value of a key, and which values the key may have.

    Raises KeyError for a key that the view does not hold.
    """
    key_and_kind: tuple[str, Key] = view.__members__[key]  # type: ignore[attr-defined]
    return key_and_kind


def anything(name: str) -> Key:
    """A key with a value of any type, which is taken unchanged; None if the key is absent."""
    return Key(name, Any)


def string(name: str) -> Key:
    """A key with text or null; an event with another value has no view, and is read whole."""
    return Key(name, TEXT)


def an_object(name: str) -> Key:
    """A key with an object or null, which is taken whole; an event with another value has no view."""
    return Key(name, VALUE_OBJECT)


def inside(name: str, view: View) -> Key:
    """A key with an object of which only a view is decoded."""
    return Key(name, view | None, view=view)


def or_missing(key: Key) -> Key:
    """A key that reads as MISSING when it is absent, because a rule treats missing and null differently."""
    return replace(key, default=MISSING)
