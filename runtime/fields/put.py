"""Puts a value that is not of its field's own class into a payload."""

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
    """A field at the top: missing, null (unless the field takes it) and empty text leave it out."""
    coerced = coerce(field, value)
    if coerced is not MISSING:
        target[field.name] = coerced


def take(field: Field, value: Any) -> Any:
    """A control field, as `build` gets it: None where it has no value."""
    coerced = coerce(field, value)
    return None if coerced is MISSING else coerced


def put_inside(target: dict[str, Any], field: Field, value: Any) -> None:
    """A key of an object field, or of an object in a list: missing and null leave it out."""
    coerced = coerce_inside(field, value, field.path)
    if coerced is not MISSING:
        target[field.name] = coerced


def at_item(failure: Exception, index: int) -> None:
    """Notes for which item of a list a value cannot be made: it is `[]` in the path of its field.

    Of lists within lists, the outer one comes to note its item last.
    """
    failure.__dict__.setdefault("items", []).insert(0, index)


def refuse_required(name: str) -> NoReturn:
    """Refuses a payload whose required field has no value."""
    raise missing_required(name)
