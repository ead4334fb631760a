"""The fields of an action, read off the pydantic model that declares its payload."""

from __future__ import annotations

from types import NoneType
from typing import Any, Literal, cast, get_args, get_origin

import pydantic
from pydantic.fields import FieldInfo

from .field import Field, FieldRole, FieldType, Total

Time = str | float
"""A time: ISO 8601, or a number of milliseconds since 1970 (`semantics/dates.py` has all forms)."""

_TYPES: dict[Any, FieldType] = {
    str: "string",
    float: "number",
    int: "integer",
    bool: "boolean",
    Time: "datetime",
}


class Payload(pydantic.BaseModel):
    """What an action takes; a subclass names each field by Segment's own key, in the order of its page."""

    # The model declares; the values of an event are coerced by generated code, so no validator has to be built.
    model_config = pydantic.ConfigDict(defer_build=True, extra="ignore")


class OpenPayload(Payload):
    """An object whose other keys are kept."""

    model_config = pydantic.ConfigDict(extra="allow")


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
    """A field of a payload model: its label and description, and the flags that `Field` explains."""
    flags: Any = {"nullable": nullable, "visible": visible, "role": role, "switches": list(switches)}
    flags |= {"total": total, "ours": ours, "positive": positive}
    return pydantic.Field(
        default=... if required else None, title=label, description=description, json_schema_extra=flags
    )


def fields_of(model: type[Payload]) -> tuple[Field, ...]:
    """The fields that a payload model declares, in its order."""
    return tuple(_field(name, declared) for name, declared in model.model_fields.items())


def _field(name: str, declared: FieldInfo) -> Field:
    flags = declared.json_schema_extra
    assert isinstance(flags, dict), f"{name} is not declared with described()"
    kind = _without_none(declared.annotation)
    multiple = get_origin(kind) is list
    if multiple:
        (kind,) = get_args(kind)
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    nested = isinstance(kind, type) and issubclass(kind, Payload)
    return Field(
        name=name,
        label=declared.title or name,
        type="string" if choices else _TYPES.get(kind, "object"),
        description=declared.description or "",
        required=declared.is_required(),
        nullable=bool(flags["nullable"]),
        visible=bool(flags["visible"]),
        multiple=multiple,
        choices=choices,
        fields=fields_of(kind) if nested else (),
        open=not nested or kind.model_config.get("extra") == "allow",
        role=cast("FieldRole", flags["role"]),
        switches=tuple(map(str, cast("list[str]", flags["switches"]))),
        positive=bool(flags["positive"]),
        total=cast("Total | None", flags["total"]),
        ours=bool(flags["ours"]),
    )


def _without_none(annotation: Any) -> Any:
    kinds = [kind for kind in get_args(annotation) if kind is not NoneType]
    if NoneType not in get_args(annotation):
        return annotation
    return Time if set(kinds) == {str, float} else kinds[0]
