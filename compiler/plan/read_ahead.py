"""Reads what is computed from ahead, together with what is copied, so that it costs a row of the table and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from ...dsl.ast import Step
from .. import ir
from .group_reads import group_reads
from .mapping_plan import Create, Part, Put, flat, nulls
from .read_planner import reads_of

Path: TypeAlias = tuple[str, ...]


def read_ahead(parts: Sequence[Part]) -> tuple[dict[int, Path], tuple[Part, ...]]:
    """The paths that can be read ahead, by the root that stands for each in the parts that are given back.

    Only paths of which no reader tells null from missing, for a table gives None for both.
    """
    puts = [part for part in flat(parts) if isinstance(part, Put)]
    reads = dict.fromkeys(reads_of([(put.value, nulls(put.places[0])) for put in puts], ir.EVENT))
    told_apart = {steps for steps, same in reads if not same}
    paths = {steps: names for steps, _ in reads if steps not in told_apart and (names := _names(steps))}
    roots = {steps: -number for number, steps in enumerate(paths, 1)}

    def from_root(node: Any) -> Any:
        if isinstance(node, ir.Read) and node.root == ir.EVENT and node.steps in roots:
            return ir.Read(roots[node.steps], (), span=node.span)
        return ir.with_parts(node, from_root)

    changed: list[Create | Put] = [
        replace(part, value=from_root(part.value)) if isinstance(part, Put) else part for part in flat(parts)
    ]
    return {roots[steps]: names for steps, names in paths.items()}, group_reads(changed)


def _names(steps: tuple[Step, ...]) -> Path | None:
    """A path of keys alone."""
    names = tuple(step for step in steps if isinstance(step, str))
    return names if len(names) == len(steps) else None
