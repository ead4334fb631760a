"""The passes over one mapping, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...dsl.ast import Scalar
from .. import ir
from ..value_types import NOTHING, kinds, never_blank, never_empty
from .accepted_values import accepts_constant
from .join_places import join_places
from .mapping_plan import CopyPlan, Create, MappingPlan, Part, Place, Result, Row, Store
from .order_by_object import order_by_object
from .place_fields import place_fields
from .read_ahead import read_ahead
from .read_tree import ReadPath, read_tree, reads_of
from .rows import split_rows


def plan_parts(mapping: ir.Mapping) -> tuple[Part, ...]:
    """The values of a mapping and the places that they go to, in the order in which they are put there."""
    fields = [field for field in mapping.fields if not _is_constant(field)]
    unused = mapping.action.unused | frozenset(_switched_off(mapping))
    return order_by_object(join_places(place_fields(fields, unused)))


def plan_mapping(mapping: ir.Mapping, parts: Sequence[Part]) -> MappingPlan:
    """What a mapping does for an event; `parts` are those of `plan_parts`."""
    rows, objects, others = split_rows(parts)
    constants = tuple(_constants(mapping))
    given = {name: value for name, value in constants if value is not None and value != ""}
    arguments = _arguments(parts, mapping.action.control_fields, given)
    computed: Sequence[Part] = others
    copies: CopyPlan | None = None
    if not others:
        copies = CopyPlan(tuple(rows), tuple(arguments))
    elif rows:
        ahead, computed = read_ahead(others)
        filled = [*(part.place for part in objects), *(place for row in rows for place in row.places)]
        results = _results(filled, objects) + [Result(path, root=root) for root, path in ahead.items()]
        rows += [Row("anything", (), (path,)) for path in ahead.values()]
        copies = CopyPlan(tuple(rows), tuple(results))
    else:
        computed = parts
    return MappingPlan(
        mapping,
        copies,
        tuple(computed),
        read_tree(reads_of_parts(computed)),
        tuple(arguments),
        tuple(_may_lack(mapping)),
        constants,
    )


def reads_of_parts(parts: Iterable[Part]) -> Iterator[ReadPath]:
    """What parts read from the event."""
    values = [(part.value, part.places[0].null_is_missing) for part in parts if isinstance(part, Store)]
    return reads_of(values, ir.EVENT)


def _results(places: Iterable[Place], parts: Iterable[Part]) -> list[Result]:
    """What comes of values at some places: the payload, and each control field, as the parts create it."""
    created = {part.place.path: part.fixed for part in parts if isinstance(part, Create)}
    paths = dict.fromkeys(place.path for place in places if place.is_control)
    return [Result((), ()), *(Result(path, created.get(path)) for path in paths)]


def _arguments(parts: Sequence[Part], control: Iterable[str], constants: Mapping[str, Scalar]) -> list[Result]:
    """The same in the order of `build`'s parameters, up to the last that has a value."""
    places = [place for part in parts for place in ((part.place,) if isinstance(part, Create) else part.places)]
    payload, *found = _results(places, parts)
    by_name = {result.path[0]: result for result in found}
    given = [by_name.get(name, Result((name,), constant=constants.get(name))) for name in control]
    while given and given[-1].path[0] not in by_name and given[-1].path[0] not in constants:
        given.pop()
    return [payload, *given]


def _switched_off(mapping: ir.Mapping) -> Iterator[str]:
    """The fields that have no effect in a mapping, because all their switches are off for every event."""
    off = {
        field.facts.name
        for field in mapping.fields
        if _is_constant(field) and isinstance(field.value, ir.Constant) and field.value.value is False
    }
    return (facts.name for facts in mapping.action.fields if facts.switches and off.issuperset(facts.switches))


def _is_constant(field: ir.FieldValue) -> bool:
    """Whether a control field has the same value for every event, which is of the field's own type."""
    value, facts = field.value, field.facts
    if facts.role != "control" or not isinstance(value, ir.Constant):
        return False
    return accepts_constant(Place((facts.name,), facts, "top", "control"), value.value)


def _constants(mapping: ir.Mapping) -> Iterator[tuple[str, Scalar]]:
    for field in mapping.fields:
        if field.facts.role == "control" and isinstance(field.value, ir.Constant):
            yield field.facts.name, field.value.value


def _may_lack(mapping: ir.Mapping) -> Iterator[str]:
    """The required fields that have no value for some event."""
    sure = {field.facts.name for field in mapping.fields if _is_always_there(field)}
    return (facts.name for facts in mapping.action.fields if facts.required and facts.name not in sure)


def _is_always_there(field: ir.FieldValue) -> bool:
    if field.facts.type == "string":
        return never_blank(field.value) if field.facts.visible else never_empty(field.value)
    return not kinds(field.value) & (NOTHING | {"string"})
