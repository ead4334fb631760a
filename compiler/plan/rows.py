"""Finds the instructions of a mapping that only copy a value, and makes rows of them."""

from __future__ import annotations

from collections.abc import Sequence

from .. import ir
from .accepted_values import accepted_kind, accepts_null
from .mapping_plan import Create, Instruction, KeyPath, Row, Store, Target
from .place_fields import entries


def split_rows(instructions: Sequence[Instruction]) -> tuple[list[Row], list[Create], list[Instruction]]:
    """The rows, the objects that they fill, and all other instructions."""
    filled = {
        instruction.target.path
        for instruction in instructions
        if isinstance(instruction, Create) and instruction.target.is_control
    }
    rows: list[Row] = []
    objects: list[Create] = []
    others: list[Instruction] = []
    for instruction in instructions:
        if isinstance(instruction, Create):
            if instruction.target.path in filled:
                objects.append(instruction)
            elif instruction.target.use != "checked":
                others.append(instruction)
        elif (row := row_of(instruction)) is not None and all(
            _is_held(target, filled) for target in instruction.targets
        ):
            rows.append(row)
        else:
            others.append(instruction)
    return rows, objects, others


def _is_held(target: Target, filled: set[KeyPath]) -> bool:
    """Whether a value goes to a result of rows, or into one."""
    return target.use == "checked" or target.level == "top" or target.path[:-1] in filled


def row_of(store: Store, root: int = ir.EVENT) -> Row | None:
    """The row of an instruction that only copies from the event or an item of a list; None for any other."""
    if isinstance(store.value, ir.ForEach):
        return _row_of_items(store.value, store.targets[0], root)
    kinds = {_row_kind(target) for target in store.targets}
    paths = _paths(store.value, root)
    if len(kinds) != 1 or not paths:
        return None
    (kind,) = kinds
    # Null in place of an object on the way reads as null too, which only a field that takes null tells from nothing.
    if kind is None or (kind.endswith("or null") and any(len(path) > 1 for path in paths)):
        return None
    return Row(kind, store.targets, paths)


def _row_of_items(each: ir.ForEach, target: Target, root: int) -> Row | None:
    """The row of a list whose items are objects of the rules; `join_targets` leaves it one target."""
    paths = _paths(each.iterable, root)
    if each.condition is not None or not paths or not isinstance(each.item, ir.MakeObject):
        return None
    if target.facts is None or not target.facts.multiple or target.use == "checked":
        return None
    items: list[Row] = []
    for instruction in entries(each.item, target.facts, Target(target.path, target.facts, "item", "sent")):
        if not isinstance(instruction, Store) or (row := row_of(instruction, each.variable)) is None:
            return None
        items.append(row)
    return Row("items", (target,), paths, tuple(items))


def _row_kind(target: Target) -> str | None:
    """The kind of row that fills a target; None where no row does."""
    kind = accepted_kind(target)
    if kind is None or target.facts is None or not target.facts.nullable:
        return kind
    return f"{kind} or null" if accepts_null(target) else None


def _paths(value: ir.Value, root: int) -> tuple[KeyPath, ...]:
    """The paths of keys that a value is the first of; none for anything else."""
    match value:
        case ir.Read(at, steps) if at == root:
            names = tuple(step for step in steps if isinstance(step, str))
            return (names,) if names and len(names) == len(steps) else ()
        case ir.Coalesce(values):
            inner = [_paths(inner_value, root) for inner_value in values]
            return tuple(path for paths in inner for path in paths) if all(inner) else ()
        case _:
            return ()
