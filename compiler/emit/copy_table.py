"""Writes the table of rows of a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...dsl.syntax.paths import write_path
from .. import ir
from ..plan.mapping_plan import CopyResult, KeyPath, MappingPlan, Row, Target
from .python_code import Python, code, join, literal, literal_object


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """What the module's template shows of a table."""

    name: Python
    fields: Python
    """The name of the action's fields."""
    results: Python
    rows: list[Python]
    required: Python | None


def write_table(name: Python, fields: Python, plan: MappingPlan) -> WrittenTable:
    """The table of a mapping that copies."""
    assert plan.copies is not None
    results = plan.copies.results
    names = {result.path: _name(result) for result in results if result.root == ir.EVENT}
    ahead = iter([_name(result) for result in results if result.root != ir.EVENT])
    rows = [
        literal(_row(row, [_target(target, names) for target in row.targets] if row.targets else [(next(ahead),)]))
        for row in plan.copies.rows
    ]
    first = join(", ", (code("{}: {}", literal(_name(result)), _first(result)) for result in results))
    required = literal(plan.required_keys) if plan.is_only_copied and plan.required_keys else None
    return WrittenTable(name, fields, code("{{}}", first), rows, required)


def _first(result: CopyResult) -> Python:
    """What a result is before anything is copied."""
    return literal(result.constant) if result.fixed is None else literal_object(result.fixed)


def _name(result: CopyResult) -> str:
    """The name of a result, which only its rows use; it is a path as written, because keys may hold dots."""
    if result.root != ir.EVENT:
        return write_path(result.path, rooted=True)
    return ".".join(result.path) or "payload"


def _row(row: Row, targets: list[tuple[str | None, ...]]) -> tuple[Any, ...]:
    written = row.kind, tuple(targets), row.sources
    if row.kind != "items":
        return written
    return (*written, tuple(_row(inner, [("item", inner.targets[0].path[-1])]) for inner in row.items))


def _target(target: Target, names: Mapping[KeyPath, str]) -> tuple[str | None, ...]:
    """The result, and the key of it that the value is put at; the result alone for one that is the value itself."""
    if target.use == "checked":
        return None, ".".join(target.path)
    if target.path in names:
        return (names[target.path],)
    return names[target.path[:-1]], target.path[-1]
