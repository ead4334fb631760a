"""Reads the sources of computed values ahead, together with the copies, so that each costs only a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ...dsl.ast import Step
from .. import ir
from .mapping_plan import Instruction, KeyPath, Store
from .order_by_object import order_by_object
from .read_tree import reads_of


def read_ahead(instructions: Sequence[Instruction]) -> tuple[dict[int, KeyPath], tuple[Instruction, ...]]:
    """The paths that are read ahead, by the root that stands for each in the returned instructions.

    Only a path whose readers treat null and missing alike is read ahead, because a row gives None for both.
    """
    stores = [instruction for instruction in instructions if isinstance(instruction, Store)]
    reads = dict.fromkeys(
        reads_of([(instruction.value, instruction.targets[0].null_is_missing) for instruction in stores], ir.EVENT)
    )
    null_differs = {steps for steps, null_is_missing in reads if not null_is_missing}
    paths = {steps: names for steps, _ in reads if steps not in null_differs and (names := _names(steps))}
    roots = {steps: -number for number, steps in enumerate(paths, 1)}

    def from_root(node: Any) -> Any:
        if isinstance(node, ir.Read) and node.root == ir.EVENT and node.steps in roots:
            return ir.Read(roots[node.steps], (), span=node.span)
        return ir.with_parts(node, from_root)

    changed = [
        replace(instruction, value=from_root(instruction.value)) if isinstance(instruction, Store) else instruction
        for instruction in instructions
    ]
    return {roots[steps]: names for steps, names in paths.items()}, order_by_object(changed)


def _names(steps: tuple[Step, ...]) -> KeyPath | None:
    """A path that has keys alone; None for one with an index."""
    names = tuple(step for step in steps if isinstance(step, str))
    return names if len(names) == len(steps) else None
