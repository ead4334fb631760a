"""The passes over one mapping, in their order, and what they show of its fields."""

from __future__ import annotations

from collections.abc import Iterator

from ...dsl.ast import Scalar
from .. import ir
from ..resolve.types import NOTHING, fits, kinds, never_blank, never_empty
from .group_reads import group_reads
from .join_places import join_places
from .mapping_plan import Part
from .place_fields import place_fields


def plan_mapping(mapping: ir.Mapping) -> tuple[Part, ...]:
    """What a mapping does for an event, up to the call of its action."""
    fields = [field for field in mapping.fields if not is_constant(field)]
    return group_reads(join_places(place_fields(fields, mapping.action.unused | frozenset(_switched_off(mapping)))))


def _switched_off(mapping: ir.Mapping) -> Iterator[str]:
    """The fields that have no effect in a mapping, because all their switches are off for every event."""
    off = {
        field.facts.name
        for field in mapping.fields
        if is_constant(field) and isinstance(field.value, ir.Constant) and field.value.value is False
    }
    return (facts.name for facts in mapping.action.fields if facts.switches and off.issuperset(facts.switches))


def is_constant(field: ir.FieldValue) -> bool:
    """Whether a field steers by a value that is the same for every event, and of the field's own type."""
    value = field.value
    return field.facts.steers and isinstance(value, ir.Constant) and fits(field.facts, value.value)


def may_lack(mapping: ir.Mapping) -> Iterator[str]:
    """The required fields that have no value for some event."""
    sure = {field.facts.name for field in mapping.fields if _always_there(field)}
    return (facts.name for facts in mapping.action.fields if facts.required and facts.name not in sure)


def _always_there(field: ir.FieldValue) -> bool:
    if field.facts.type == "string":
        return never_blank(field.value) if field.facts.visible else never_empty(field.value)
    return not kinds(field.value) & (NOTHING | {"string"})


def constants_of(mapping: ir.Mapping) -> Iterator[tuple[str, Scalar]]:
    """The steering fields of a mapping that have the same value for every event, as the author wrote it."""
    for field in mapping.fields:
        if field.facts.steers and isinstance(field.value, ir.Constant):
            yield field.facts.name, field.value.value
