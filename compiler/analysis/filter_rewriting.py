"""Rewrites rules that read a filtered event into rules that read the original event."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar

from ...dsl.ast import EveryItem, FilterStep, KeyPattern, Step
from ...runtime.semantics.glob import matches
from .. import ir
from .solver.formula import PathSteps

AnyNode = TypeVar("AnyNode", bound=Any)
FilterKeys = tuple[str | EveryItem | KeyPattern, ...]
"""The steps of a path of a filter; an index is the key of its digits, as in `PathSteps`."""


IsObject = Callable[[tuple[Step, ...]], bool]
"""Whether nothing but an object is expected at a path."""


def over_unfiltered_event(
    part: AnyNode, filters: Iterable[ir.Filter], is_object: IsObject = lambda _: False
) -> tuple[AnyNode, bool]:
    """A condition or value behind these filters, as one that reads the event before them.

    A path that is taken out reads as nothing if there is an object to take it out of, and if the filter's condition
    holds. False with it where that is not the whole truth: where a value is read that a filter takes a part out of, or
    where a list may stand on the way.
    """
    steps = tuple(step for step in filters if step.kind != "drop")
    if not steps:
        return part, True
    reading = _Reading(steps, is_object)
    return reading.replaced(part), reading.exact


def takes_out(part: Any, filters: Iterable[ir.Filter]) -> list[ir.Filter]:
    """The filters that take out something that the part reads."""
    read = [node.steps for node in ir.walk(part) if isinstance(node, ir.Read) and node.root == ir.EVENT]
    return [
        step
        for step in filters
        if step.kind != "drop" and any(_effect(step, steps).parent is not None for steps in read)
    ]


class _Effect(NamedTuple):
    """What a filter does to the value that a path reads."""

    parent: tuple[Step, ...] | None
    """If an object is here, the value is removed from it; None for a value that stays."""
    exact: bool
    """False if a part of the value may be taken out, or the value if a list is on the way."""


class _Reading:
    def __init__(self, filters: tuple[ir.Filter, ...], is_object: IsObject) -> None:
        self._filters = filters
        self._is_object = is_object
        self.exact = True

    def replaced(self, part: AnyNode) -> AnyNode:
        match part:
            case ir.Read():
                return self._read(part)  # type: ignore[return-value]
            case ir.Call("typeof", (ir.Read() as read,)):
                # A value keeps its type, whatever part of it is taken out.
                return ir.with_parts(part, lambda arguments: (self._read(read, type_only=True),))
            case _:
                return ir.with_parts(part, self.replaced)

    def _read(self, read: ir.Read, *, type_only: bool = False) -> ir.Value:
        value: ir.Value = read
        if read.root != ir.EVENT:
            return value
        for number, step in enumerate(self._filters):
            parent, exact = _effect(step, read.steps, type_only=type_only)
            self.exact = self.exact and exact
            if parent is None:
                continue
            conditions = [] if step.condition is None else [step.condition]
            if parent and not self._is_object(parent):
                conditions.append(_object_at(parent))
            if not conditions:
                return ir.Omit(span=read.span)
            condition, exact = over_unfiltered_event(ir.All(tuple(conditions)), self._filters[:number], self._is_object)
            self.exact = self.exact and exact
            value = ir.If(condition, ir.Omit(), value, span=read.span)
        return value


def _object_at(steps: tuple[Step, ...]) -> ir.Condition:
    type_ = ir.Call("typeof", (ir.Read(ir.EVENT, steps),), False, "string")
    return ir.Compare("=", type_, ir.Constant("object"))


def _effect(filter_: ir.Filter, steps: tuple[Step, ...], *, type_only: bool = False) -> _Effect:
    """What a filter does to the value at the path, or with `type_only` to the type of the value."""
    paths = [tuple(map(_as_key, path)) for path in filter_.paths]
    keys = tuple(map(str, steps))
    length, exact = (_dropped if filter_.kind == "strip" else _kept)(paths, keys, type_only)
    return _Effect(None if length is None else steps[:length], exact)


def _dropped(paths: Iterable[FilterKeys], keys: PathSteps, type_only: bool) -> tuple[int | None, bool]:
    """The number of steps to the object that loses the value, and whether that is all that the paths do to it."""
    length, exact = None, True
    for path in paths:
        if keys and _begins_with(keys, path) and not any(map(_is_index, path)):
            above = max(len(path) - 1, 0)
            length = above if length is None else min(length, above)
        elif _may_touch(path, keys, type_only):
            exact = False
    return length, exact


def _may_touch(path: FilterKeys, keys: PathSteps, type_only: bool) -> bool:
    """Whether a dropped path may take something out of what is read, where a list may stand anywhere on the way."""
    if not path:
        return True
    if not keys:
        return not type_only
    if isinstance(path[0], EveryItem):
        # An object is the one item of itself.
        return any(_may_touch(path[1:], rest, type_only) for rest in (keys, keys[1:]))
    if _leads_to(path[0], keys[0]) and _may_touch(path[1:], keys[1:], type_only):
        return True
    if _is_index(keys[0]):
        # The path may go through every item of a list, and the read through one item.
        return (len(path) == 1 and _is_index(path[0])) or _may_touch(path, keys[1:], type_only)
    return keys[0] == "length" and len(path) == 1 and _is_index(path[0])


def _kept(paths: list[FilterKeys], keys: PathSteps, type_only: bool) -> tuple[int | None, bool]:
    """The same for the paths of `keep`."""
    is_narrowed = any(len(path) == 1 for path in paths)
    for length, key in enumerate(keys):
        if () in paths:
            return None, True
        below = [path[1:] for path in paths if _leads_to(path[0], key)]
        steps = (key, *(path[0] for path in paths))
        by_index = any(isinstance(step, EveryItem) for step in steps) or (length > 0 and any(map(_is_index, steps)))
        if by_index:
            return None, False
        if not below:
            return (length if is_narrowed else None), True
        paths, is_narrowed = below, True
    return None, type_only or () in paths


def _as_key(step: FilterStep) -> str | EveryItem | KeyPattern:
    return str(step) if isinstance(step, int) else step


def _begins_with(keys: PathSteps, path: FilterKeys) -> bool:
    return len(path) <= len(keys) and all(map(_leads_to, path, keys))


def _leads_to(step: str | EveryItem | KeyPattern, key: str) -> bool:
    """Whether a step of a filter's path leads to a key of an object."""
    return matches(step.glob, key) if isinstance(step, KeyPattern) else step == key


def _is_index(step: str | EveryItem | KeyPattern) -> bool:
    return isinstance(step, EveryItem) or (isinstance(step, str) and step.isdigit())
