"""Finds the functions of the language that a part of a program calls."""

from __future__ import annotations

from typing import Any

from .. import ir


def functions_of(part: Any) -> set[str]:
    """The functions that a part of a program calls."""
    match part:
        case tuple():
            return set().union(*map(functions_of, part))
        case ir.Filter():
            nodes: list[Any] = [part.condition]
        case ir.Mapping():
            nodes = [part.trigger, *(field.value for field in part.fields)]
        case _:
            nodes = [part]
    return {node.function for root in nodes for node in ir.walk(root) if isinstance(node, ir.Call | ir.TextTest)}
