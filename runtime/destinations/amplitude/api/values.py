"""Values that several of Amplitude's APIs share: IDs, times, groups, properties and operations on them.

Sources: Amplitude, HTTP V2 API ("Keys for the event argument", "Invalid IDs"),
Identify API and Group Identify API.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo
from pydantic_core import PydanticCustomError

from ....semantics.javascript import text_to_number
from ..limits import DEEPEST, MOST_GROUP_VALUES, MOST_GROUPS, SHORTEST_ID, is_nobody
from ..operation_names import OPERATIONS, has_operations, is_operation

ID_PROBLEM = "invalid_id_length"
"""The type of the error for an ID that Amplitude does not accept, which it reports apart from other errors."""
MIN_ID_LENGTH = "min_id_length"
"""The key of the validation context that lowers or raises the least length of IDs."""


class Model(BaseModel):
    """An object of an API: JSON types are taken strictly, and keys that are not documented are kept."""

    model_config = ConfigDict(extra="allow", frozen=True, strict=True, hide_input_in_errors=True, defer_build=True)


def _id(value: str, info: ValidationInfo) -> str:
    shortest = (info.context or {}).get(MIN_ID_LENGTH, SHORTEST_ID)
    if is_nobody(value):
        raise PydanticCustomError(ID_PROBLEM, "identifies nobody")
    if len(value) < shortest:
        raise PydanticCustomError(ID_PROBLEM, "is shorter than {shortest} characters", {"shortest": shortest})
    return value


Id = Annotated[str, AfterValidator(_id)]
"""The ID of a user or a device."""
Filled = Annotated[str, Field(min_length=1)]
ApiKey = Annotated[str, Field(min_length=1, repr=False)]
Milliseconds = Annotated[int, Field(ge=0, le=2**53)]
"""A time, as milliseconds since 1970."""
SessionStart = Annotated[int, Field(ge=-1, le=2**53)]
"""The start of a session as milliseconds since 1970; -1 for none."""
Number = int | float
Scalar = str | int | float | bool | None


def _shallow(properties: dict[str, Any]) -> dict[str, Any]:
    _check_depth(properties, 1)
    return properties


def _check_depth(value: dict[str, Any] | list[Any], depth: int) -> None:
    if isinstance(value, dict):
        if depth > DEEPEST:
            raise PydanticCustomError("too_deep", "is more than {deepest} objects deep", {"deepest": DEEPEST})
        for inner in value.values():
            if inner.__class__ in _CONTAINERS:
                _check_depth(inner, depth + 1)
    else:
        for item in value:
            if item.__class__ is list:
                raise PydanticCustomError("nested_list", "holds a list in a list")
            if item.__class__ is dict:
                _check_depth(item, depth)


_CONTAINERS = (dict, list)


Properties = Annotated[dict[str, Any], AfterValidator(_shallow)]
"""Properties of an event: at most 40 objects deep, with lists of one dimension."""


def _changes(properties: dict[str, Any]) -> dict[str, Any]:
    if not has_operations(properties):
        return _shallow(properties)
    if not all(map(is_operation, properties)):
        raise PydanticCustomError("mixed_properties", "plain properties and operations are mixed")
    taken: set[str] = set()
    for name, changed in properties.items():
        if name not in OPERATIONS.names.values():
            raise PydanticCustomError("unknown_operation", "`{name}` is not an operation", {"name": name})
        if name not in OPERATIONS.whole:
            _check_operation(name, changed, taken)
    return properties


def _check_operation(name: str, changed: Any, taken: set[str]) -> None:
    if not isinstance(changed, dict):
        raise PydanticCustomError("bad_operation", "`{name}` takes an object", {"name": name})
    if has_operations(changed):
        raise PydanticCustomError("bad_operation", "there is an operation inside `{name}`", {"name": name})
    if not taken.isdisjoint(changed):
        raise PydanticCustomError("property_in_two_operations", "a property is in two operations")
    taken.update(changed)
    if name in OPERATIONS.numeric and not _are_numbers(changed.values()):
        raise PydanticCustomError("bad_operation", "`{name}` takes numbers", {"name": name})
    _shallow(changed)


def _are_numbers(values: Iterable[Any]) -> bool:
    return all(
        (isinstance(value, int | float) and not isinstance(value, bool))
        or (isinstance(value, str) and value.strip() != "" and isfinite(text_to_number(value)))
        for value in values
    )


Changes = Annotated[dict[str, Any], AfterValidator(_changes)]
"""Properties of a user or a group: plain ones, or operations, each property in one of them."""


def _tracked(groups: dict[str, Any]) -> dict[str, Any]:
    if len(groups) > MOST_GROUPS:
        raise PydanticCustomError("too_many_groups", "has more than {most} types of groups", {"most": MOST_GROUPS})
    for values in groups.values():
        if isinstance(values, list) and len(values) > MOST_GROUP_VALUES:
            message = "has more than {most} groups of one type"
            raise PydanticCustomError("too_many_group_values", message, {"most": MOST_GROUP_VALUES})
    return groups


Groups = Annotated[dict[str, Scalar | list[Scalar]], AfterValidator(_tracked)]
"""Groups by their type: one value, or at most ten, of at most five types."""


class Options(Model):
    """The options of a request."""

    min_id_length: Annotated[int, Field(ge=1)] | None = None


def id_context(options: Any) -> Mapping[str, int]:
    """The context for pydantic's validation of a request, from its options: the least length of IDs, in characters."""
    shortest = options.get("min_id_length") if isinstance(options, dict) else None
    if not isinstance(shortest, int) or isinstance(shortest, bool):
        return {}
    return {MIN_ID_LENGTH: shortest}
