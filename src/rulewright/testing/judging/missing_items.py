"""Conditions of tests that hold because a list is shorter than they take it to be."""

from __future__ import annotations

from typing import Any

from ...compiler import ir
from ...dsl.syntax.paths import write_steps
from ...runtime.counted import counted

_LISTS = ("requests", "warnings")


def missing_item(condition: ir.Condition, root: dict[str, Any]) -> str | None:
    """What is not there of a condition that holds, in a sentence; None where it reads what is there.

    `requests[5].json.events[0].city != "x"` holds for one request as well. A path that ends with the item, as in
    `requests[1] = null`, asks whether it is there.
    """
    if isinstance(condition, ir.All):
        return next((missing for part in condition.conditions if (missing := missing_item(part, root))), None)
    if isinstance(condition, ir.AnyOf):
        return None
    reads = (node for node in ir.walk(condition) if isinstance(node, ir.Read) and node.root == ir.EVENT)
    return next((missing for read in reads if (missing := _missing(read, root))), None)


def _missing(read: ir.Read, root: dict[str, Any]) -> str | None:
    value: Any = root
    for number, step in enumerate(read.steps[:-1]):
        if isinstance(value, dict):
            value = value.get(str(step))
        elif isinstance(value, list) and str(step).isdecimal() and read.steps[0] in _LISTS:
            if int(step) >= len(value):
                here = write_steps(read.steps[:number]).removeprefix(".")
                return f"`{here}` has {counted(len(value), 'item')}, so there is no `{here}[{step}]`"
            value = value[int(step)]
        else:
            return None
    return None
