"""Conditions of tests that hold because a list is shorter than they take it to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...compiler import ir
from ...dsl.ast import Step
from ...dsl.syntax.paths import write_steps
from ...runtime.counted import counted

_LISTS = ("requests", "warnings")


@dataclass(frozen=True, slots=True)
class _MissingItem:
    steps: tuple[Step, ...]
    """The path of the item."""
    count: int
    """How many there are."""

    def __str__(self) -> str:
        return f"`{_text(self.steps[:-1])}` has {counted(self.count, 'item')}, so there is no `{_text(self.steps)}`"


def missing_item(condition: ir.Condition, root: dict[str, Any]) -> str | None:
    """A sentence on the item that a condition reads and that does not exist, although it holds; None if all exist.

    `requests[5].json.events[0].city != "x"` holds for one request as well. A path that ends with the item, as in
    `requests[1] = null`, asks whether it is there.
    """
    missing = _item_of(condition, root)
    return None if missing is None else str(missing)


def missing_part(condition: ir.Condition, root: dict[str, Any]) -> str | None:
    """The path of the item that does not exist: `requests[5]`; None if all exist."""
    missing = _item_of(condition, root)
    return None if missing is None else _text(missing.steps)


def _item_of(condition: ir.Condition, root: dict[str, Any]) -> _MissingItem | None:
    if isinstance(condition, ir.All):
        return next((missing for part in condition.conditions if (missing := _item_of(part, root))), None)
    if isinstance(condition, ir.AnyOf):
        return None
    reads = (node for node in ir.walk(condition) if isinstance(node, ir.Read) and node.root == ir.EVENT)
    return next((missing for read in reads if (missing := _missing(read, root))), None)


def _missing(read: ir.Read, root: dict[str, Any]) -> _MissingItem | None:
    value: Any = root
    for number, step in enumerate(read.steps[:-1]):
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and str(step).isdecimal() and read.steps[0] in _LISTS:
            if int(step) >= len(value):
                return _MissingItem(read.steps[: number + 1], len(value))
            value = value[int(step)]
        else:
            return None
    return None


def _text(steps: tuple[Step, ...]) -> str:
    return write_steps(steps).removeprefix(".")
