"""Orders instructions by the object of the event that they read from, so that each object is fetched once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ...dsl.ast import Step
from .. import ir
from .mapping_plan import Create, Instruction
from .read_tree import reads_of


@dataclass(slots=True)
class _Group:
    instructions: list[Instruction] = field(default_factory=list)
    inner: list[tuple[Step, ...]] = field(default_factory=list)
    """The paths of the groups one step further in."""


def order_by_object(instructions: Iterable[Instruction]) -> tuple[Instruction, ...]:
    """The instructions: first those that read from no object or from several, then the others by their object."""
    groups: dict[tuple[Step, ...], _Group] = {(): _Group()}
    for instruction in instructions:
        _group(() if isinstance(instruction, Create) else _parent(instruction.value), groups).instructions.append(
            instruction
        )
    return tuple(_in_order((), groups))


def _group(path: tuple[Step, ...], groups: dict[tuple[Step, ...], _Group]) -> _Group:
    if path not in groups:
        groups[path] = _Group()
        _group(path[:-1], groups).inner.append(path)
    return groups[path]


def _in_order(path: tuple[Step, ...], groups: dict[tuple[Step, ...], _Group]) -> Iterator[Instruction]:
    yield from groups[path].instructions
    for inner in groups[path].inner:
        yield from _in_order(inner, groups)


def _parent(value: ir.Value) -> tuple[Step, ...]:
    """The one object that the value needs; the event itself if the value needs no object, or several."""
    if not _vanishes(value):
        return ()
    parents = {steps[:-1] for steps, _ in reads_of([(value, True)], ir.EVENT)}
    return parents.pop() if len(parents) == 1 else ()


def _vanishes(value: ir.Value) -> bool:
    """Whether a value is missing when nothing that it reads is there."""
    match value:
        case ir.Read(root, steps):
            return root == ir.EVENT and bool(steps) and all(isinstance(step, str) for step in steps[:-1])
        case ir.Coalesce(values):
            return all(map(_vanishes, values))
        case ir.ForEach(_, _, iterable):
            return isinstance(iterable, ir.Read) and _vanishes(iterable)
        case _:
            return False
