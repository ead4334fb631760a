"""What rules say of the event that came, where filters take a part out of it before the rules read it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from ...dsl.ast import Step
from .. import ir

Part = TypeVar("Part", bound=Any)


def over_unfiltered_event(part: Part, filters: Iterable[ir.Filter]) -> tuple[Part, bool]:
    """A condition or value behind these filters, as one that reads the event before them.

    A path that is taken out reads as nothing, or as nothing when the filter's condition holds. False with it where that
    is not the whole truth: where an object is read that a filter takes a part out of.
    """
    steps = tuple(one for one in filters if one.kind != "drop")
    if not steps:
        return part, True
    reading = _Reading(steps)
    return reading.replaced(part), reading.exact


def takes_out(part: Any, filters: Iterable[ir.Filter]) -> list[ir.Filter]:
    """The filters that take out something that the part reads."""
    read = [node.steps for node in ir.walk(part) if isinstance(node, ir.Read) and node.root == ir.EVENT]
    return [one for one in filters if one.kind != "drop" and any(_gone(one, steps) for steps in read)]


class _Reading:
    def __init__(self, filters: tuple[ir.Filter, ...]) -> None:
        self._filters = filters
        self.exact = True

    def replaced(self, part: Part) -> Part:
        if isinstance(part, ir.Read):
            return self._read(part)  # type: ignore[return-value]
        return ir.with_parts(part, self.replaced)

    def _read(self, read: ir.Read) -> ir.Value:
        value: ir.Value = read
        if read.root != ir.EVENT:
            return value
        for number, one in enumerate(self._filters):
            gone = _gone(one, read.steps)
            if gone is None:
                self.exact = False
            elif gone and one.condition is None:
                return ir.Nothing(span=read.span)
            elif gone and one.condition is not None:
                condition, exact = over_unfiltered_event(one.condition, self._filters[:number])
                self.exact = self.exact and exact
                value = ir.Choose(condition, ir.Nothing(), value, span=read.span)
        return value


def _gone(one: ir.Filter, steps: tuple[Step, ...]) -> bool | None:
    """Whether the filter takes out what stands at the path; None where it takes a part of it, or only perhaps."""
    if one.kind == "strip":
        found = [_strips(path, steps) for path in one.paths]
    else:
        found = [_narrows(one.paths, path[:length], steps) for path in one.paths for length in range(1, len(path))]
    return True if True in found else None if None in found else False


def _strips(path: tuple[Step, ...], steps: tuple[Step, ...]) -> bool | None:
    if _texts(steps[: len(path)]) == _texts(path):
        return True if all(map(_is_key, path)) else None
    return None if _texts(path[: len(steps)]) == _texts(steps) else False


def _narrows(paths: tuple[tuple[Step, ...], ...], parent: tuple[Step, ...], steps: tuple[Step, ...]) -> bool | None:
    if any(parent[:length] in paths for length in range(1, len(parent) + 1)):
        return False
    if len(steps) <= len(parent):
        return None if _texts(parent[: len(steps)]) == _texts(steps) else False
    key = steps[len(parent)]
    if _texts(steps[: len(parent)]) != _texts(parent):
        return False
    if any(
        path[: len(parent)] == parent and str(path[len(parent)]) == str(key)
        for path in paths
        if len(path) > len(parent)
    ):
        return False
    return True if all(map(_is_key, (*parent, key))) else None


def _texts(steps: tuple[Step, ...]) -> tuple[str, ...]:
    return tuple(map(str, steps))


def _is_key(step: Step) -> bool:
    """A list has no such key, so that only an object can lose it."""
    return isinstance(step, str) and step != "length" and not step.isdigit()
