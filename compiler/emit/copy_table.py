"""Writes the rows of a mapping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ...dsl.syntax.paths import write_path
from .. import ir
from ..plan.mapping_plan import MappingPlan, Path, Place, Result, Row
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
        literal(_row(row, [_place(place, names) for place in row.places] if row.places else [(next(ahead),)]))
        for row in plan.copies.rows
    ]
    first = join(", ", (code("{}: {}", literal(_name(result)), _first(result)) for result in results))
    required = None if plan.computed or not plan.required else literal(plan.required)
    return WrittenTable(name, fields, code("{{}}", first), rows, required)


def _first(result: Result) -> Python:
    """What a result is before anything is copied."""
    return literal(result.constant) if result.fixed is None else literal_object(result.fixed)


def _name(result: Result) -> str:
    """The name of a result, which only its rows use; it is a path as written, because keys may hold dots."""
    if result.root != ir.EVENT:
        return write_path(result.path, rooted=True)
    return ".".join(result.path) or "payload"


def _row(row: Row, places: list[tuple[str | None, ...]]) -> tuple[Any, ...]:
    written = row.kind, tuple(places), row.sources
    if row.kind != "items":
        return written
    return (*written, tuple(_row(inner, [("item", inner.places[0].path[-1])]) for inner in row.items))


def _place(place: Place, names: Mapping[Path, str]) -> tuple[str | None, ...]:
    """The result, and the key of it that the value is put at; the result alone for one that is the value itself."""
    if place.use == "checked":
        return None, ".".join(place.path)
    if place.path in names:
        return (names[place.path],)
    return names[place.path[:-1]], place.path[-1]
