"""Coerces a value and puts it into a payload, for values that are not of their field's own class."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NoReturn

from ..semantics.missing import MISSING
from .coercion import coerce, coerce_inside, missing_required
from .field import Field


def fields_by_path(fields: Iterable[Field]) -> dict[str, Field]:
    """The fields of an action by path: `platform`, and `utm_properties.utm_source` for a key of an object field."""
    return {field.path.replace("[]", ""): field for field in _with_paths(fields, "")}


def _with_paths(fields: Iterable[Field], prefix: str) -> Iterable[Field]:
    for field in fields:
        path = prefix + field.name
        yield replace(field, path=path)
        yield from _with_paths(field.fields, f"{path}{'[]' * field.multiple}.")


def put(target: dict[str, Any], field: Field, value: Any) -> None:
    """Sets a field at the top of a payload, if `coerce` keeps it. Raises Refused."""
    coerced = coerce(field, value)
    if coerced is not MISSING:
        target[field.name] = coerced


def take(field: Field, value: Any) -> Any:
    """The value of a control field, as `build` takes it: None if there is none. Raises Refused."""
    coerced = coerce(field, value)
    return None if coerced is MISSING else coerced


def put_inside(target: dict[str, Any], field: Field, value: Any) -> None:
    """Sets a key of an object field, or of an object in a list, if `coerce_inside` keeps it. Raises Refused."""
    coerced = coerce_inside(field, value, field.path)
    if coerced is not MISSING:
        target[field.name] = coerced


def at_item(failure: Exception, index: int) -> None:
    """Adds the index of a list item to the failure that its value raised; it replaces `[]` in the path of the field.

    For a list within a list, the inner index is added first, so each is put before those that are there.
    """
    failure.__dict__.setdefault("items", []).insert(0, index)


def refuse_required(name: str) -> NoReturn:
    """Raises Refused with the code `missing_field`, for a required field that has no value."""
    raise missing_required(name)
