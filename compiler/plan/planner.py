"""Runs the passes over one mapping, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ...dsl.ast import Scalar
from .. import ir
from ..value_types import NOTHING, kinds, never_blank, never_empty
from .accepted_values import accepts_constant
from .join_targets import join_targets
from .mapping_plan import CopyPlan, CopyResult, Create, Instruction, MappingPlan, Row, Store, Target
from .order_by_object import order_by_object
from .place_fields import place_fields
from .read_ahead import read_ahead
from .read_tree import ReadPath, read_tree, reads_of
from .rows import split_rows


def plan_instructions(mapping: ir.Mapping) -> tuple[Instruction, ...]:
    """The instructions of a mapping: its values and their targets, in the order in which they are stored."""
    fields = [field for field in mapping.fields if not _is_constant(field)]
    unused = mapping.action.unused | frozenset(_switched_off(mapping))
    return order_by_object(join_targets(place_fields(fields, unused)))


def plan_mapping(mapping: ir.Mapping, instructions: Sequence[Instruction]) -> MappingPlan:
    """What a mapping does for an event; `instructions` are those of `plan_instructions`."""
    rows, objects, others = split_rows(instructions)
    constants = tuple(_constants(mapping))
    constant_fields = {name: value for name, value in constants if value is not None and value != ""}
    arguments = _arguments(instructions, mapping.action.control_fields, constant_fields)
    computed: Sequence[Instruction] = others
    copies: CopyPlan | None = None
    if not others:
        copies = CopyPlan(tuple(rows), tuple(arguments))
    elif rows:
        ahead, computed = read_ahead(others)
        filled = [*(instruction.target for instruction in objects), *(target for row in rows for target in row.targets)]
        results = _results(filled, objects) + [CopyResult(path, root=root) for root, path in ahead.items()]
        rows += [Row("anything", (), (path,)) for path in ahead.values()]
        copies = CopyPlan(tuple(rows), tuple(results))
    else:
        computed = instructions
    return MappingPlan(
        mapping,
        copies,
        tuple(computed),
        read_tree(reads_of_instructions(computed)),
        tuple(arguments),
        tuple(_may_lack(mapping)),
        constants,
    )


def reads_of_instructions(instructions: Iterable[Instruction]) -> Iterator[ReadPath]:
    """The paths of the event that instructions read."""
    values = [
        (instruction.value, instruction.targets[0].null_is_missing)
        for instruction in instructions
        if isinstance(instruction, Store)
    ]
    return reads_of(values, ir.EVENT)


def _results(targets: Iterable[Target], instructions: Iterable[Instruction]) -> list[CopyResult]:
    """The results at some targets: the payload, and each control field, as the instructions create it."""
    created = {
        instruction.target.path: instruction.fixed for instruction in instructions if isinstance(instruction, Create)
    }
    paths = dict.fromkeys(target.path for target in targets if target.is_control)
    return [CopyResult((), ()), *(CopyResult(path, created.get(path)) for path in paths)]


def _arguments(
    instructions: Sequence[Instruction], control: Iterable[str], constants: Mapping[str, Scalar]
) -> list[CopyResult]:
    """The same in the order of `build`'s parameters, up to the last that has a value."""
    targets = [
        target
        for instruction in instructions
        for target in ((instruction.target,) if isinstance(instruction, Create) else instruction.targets)
    ]
    payload, *arguments = _results(targets, instructions)
    by_name = {result.path[0]: result for result in arguments}
    control_results = [by_name.get(name, CopyResult((name,), constant=constants.get(name))) for name in control]
    while (
        control_results and control_results[-1].path[0] not in by_name and control_results[-1].path[0] not in constants
    ):
        control_results.pop()
    return [payload, *control_results]


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
    return accepts_constant(Target((facts.name,), facts, "top", "control"), value.value)


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
