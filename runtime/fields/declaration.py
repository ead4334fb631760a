"""The fields of an action, read from the class that declares its payload."""

from __future__ import annotations

from functools import partial
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from .field import Field, FieldRole, FieldType, Total

Time = str | float
"""A time: ISO 8601 text, or a number of milliseconds since 1970 (`semantics/dates.py` has all forms)."""

_TYPES: dict[Any, FieldType] = {
    str: "string",
    float: "number",
    int: "integer",
    bool: "boolean",
    Time: "datetime",
}


class Payload:
    """Declares the fields of an action: a subclass has one annotated attribute for each, under Segment's own key.

    The annotation is `str`, `int`, `float`, `bool`, `Time`, a `Literal` of texts, another `Payload` class for an object
    with known keys, or `dict[str, Any]` for any object; `list[…]` of these for several, and `… | None` for a field
    that may have no value. The class is never instantiated: generated code coerces the values of an event.
    """


class OpenPayload(Payload):
    """Declares an object whose undeclared keys are kept; those of a plain `Payload` are dropped."""


def described(
    label: str,
    description: str,
    *,
    required: bool = False,
    nullable: bool = False,
    visible: bool = False,
    role: FieldRole = "body",
    switches: tuple[str, ...] = (),
    total: Total | None = None,
    positive: bool = False,
    ours: bool = False,
) -> Any:
    """A field of a payload class: its label and description, and the flags that `Field` explains."""
    return partial(
        Field,
        label=label,
        description=description,
        required=required,
        nullable=nullable,
        visible=visible,
        role=role,
        switches=switches,
        total=total,
        positive=positive,
        ours=ours,
    )


def fields_of(payload: type[Payload]) -> tuple[Field, ...]:
    """The fields that a payload class declares, in the order of its attributes; those of its base come first."""
    annotations = get_type_hints(payload)
    return tuple(_field(name, kind, getattr(payload, name)) for name, kind in annotations.items())


def _field(name: str, annotation: Any, declared: partial[Field]) -> Field:
    kind = _without_none(annotation)
    multiple = get_origin(kind) is list
    if multiple:
        (kind,) = get_args(kind)
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    nested = isinstance(kind, type) and issubclass(kind, Payload)
    return declared(
        name=name,
        type="string" if choices else _TYPES.get(kind, "object"),
        multiple=multiple,
        choices=choices,
        fields=fields_of(kind) if nested else (),
        open=not nested or issubclass(kind, OpenPayload),
    )


def _without_none(annotation: Any) -> Any:
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    if NoneType not in get_args(annotation):
        return annotation
    return Time if set(kinds) == {str, float} else kinds[0]
