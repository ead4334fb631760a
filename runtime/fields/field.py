"""A field of an action: its key, label, type and flags."""

from __future__ import annotations

from typing import Literal

from ...frozen import dataclass

FieldType = Literal["string", "number", "integer", "boolean", "datetime", "object"]
FieldRole = Literal["body", "control"]


@dataclass(frozen=True, slots=True)
class Total:
    """When the value of a field is the total of several units, and not the price of one."""

    keys: tuple[str, ...]
    """A value that is read from one of these keys is a total."""
    field: str
    """The field that a total belongs to, beside this one."""
    count: str
    """The field that holds the number of units, beside this one."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an action, by Segment's own key, label and type."""

    name: str
    label: str
    type: FieldType
    description: str
    required: bool = False
    nullable: bool = False
    """null is sent as null; for every other field null means: not there."""
    visible: bool = False
    """Blank text is not a value, and a `coalesce` skips it; used for IDs, names, referrers and campaigns."""
    multiple: bool = False
    """A list of `type`; one value alone is taken as a list of one."""
    choices: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    """The known keys of an object; empty when any key may come."""
    open: bool = True
    """Keys that `fields` does not name are kept."""
    role: FieldRole = "body"
    """`control`: the field shapes the request and is not in its body; `build` gets it as a parameter, not in `payload`.

    A time is passed unchanged, because its check and its conversion are one (`coercion.time_given`).
    """
    switches: tuple[str, ...] = ()
    """At least one of these fields must be true, or this one has no effect (and only its type is checked)."""
    positive: bool = False
    """A number that must be greater than 0."""
    total: Total | None = None
    """The field holds the price of one unit, and a value that is the total of several goes to another field."""
    path: str = ""
    """Where the field is in a payload, as a failure shows it: `products[].price`, `utm_properties.utm_term`."""
    ours: bool = False
    """Segment's action has no such field, so a mapping that sets it cannot be exported."""
