"""Groups what is read from one object of the event, so that an object which is not there costs one test in all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ...dsl.ast import Step
from .. import ir
from .mapping_plan import Create, Part, Put, Within, nulls
from .read_planner import reads_of


@dataclass(slots=True)
class _Group:
    parts: list[Part | tuple[Step, ...]] = field(default_factory=list)
    """The parts, and the paths of the groups further in."""


def group_reads(parts: Iterable[Create | Put]) -> tuple[Part, ...]:
    """The parts, first those that depend on no object or on several, then by the object that they read from."""
    groups: dict[tuple[Step, ...], _Group] = {(): _Group()}
    for part in parts:
        path = () if isinstance(part, Create) else _parent(part)
        _group(path, groups).parts.append(part)
    return _nested((), groups)


def _group(path: tuple[Step, ...], groups: dict[tuple[Step, ...], _Group]) -> _Group:
    if path not in groups:
        groups[path] = _Group()
        _group(path[:-1], groups).parts.append(path)
    return groups[path]


def _nested(path: tuple[Step, ...], groups: dict[tuple[Step, ...], _Group]) -> tuple[Part, ...]:
    plain: list[Part] = []
    inner: list[Within] = []
    for part in groups[path].parts:
        if isinstance(part, tuple):
            inner.append(within(part, _nested(part, groups)))
        else:
            plain.append(part)
    return (*plain, *inner)


def within(path: tuple[Step, ...], parts: tuple[Part, ...]) -> Within:
    """Parts that come from one object of the event."""
    return Within(path, parts, all(map(_ignores_null, parts)))


def _parent(part: Put) -> tuple[Step, ...]:
    """The object without which a part has no value; the event itself where there is none, or more than one."""
    value = part.value
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
        case ir.Each(_, _, iterable):
            return isinstance(iterable, ir.Read) and _vanishes(iterable)
        case _:
            return False


def _ignores_null(part: Part) -> bool:
    match part:
        case Put(_, places):
            return all(map(nulls, places))
        case Within(_, parts):
            return all(map(_ignores_null, parts))
        case _:
            return True
