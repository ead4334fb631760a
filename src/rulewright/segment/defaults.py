"""Writes the fields of a mapping as the differences from the defaults of the action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ..dsl import ast


@dataclass(frozen=True, slots=True)
class FieldLines:
    """The lines of a mapping: `use defaults` or not, and a line for each field that must be set."""

    use_defaults: bool
    fields: dict[str, ast.Expression]


def lines_of(given: Mapping[str, ast.Expression], defaults: Mapping[str, ast.Expression]) -> FieldLines:
    """The shorter of two forms: all fields, or `use defaults` and the fields that differ from the defaults."""
    lines = {name: value for name, value in given.items() if name not in defaults or not same(value, defaults[name])}
    lines |= {name: ast.Omit() for name in defaults if name not in given}
    given = {name: value for name, value in given.items() if not isinstance(value, ast.Omit)}
    if defaults and len(lines) < len(given):
        return FieldLines(True, lines)
    return FieldLines(False, dict(given))


def same(left: ast.Expression, right: ast.Expression) -> bool:
    """Whether two expressions are the same, except for the names of their variables."""
    return bool(_renamed(left, {}) == _renamed(right, {}))


def _renamed(node: Any, names: dict[str, str]) -> Any:
    """The expression with each variable named by how deep it stands, which no author can write."""
    if isinstance(node, tuple):
        return tuple(_renamed(part, names) for part in node)
    if not isinstance(node, ast.Node):
        return node
    match node:
        case ast.Path((str(first), *rest), False) if first in names:
            return ast.Path((names[first], *rest))
        case ast.Comprehension(item, variable, iterable, condition):
            inner = {**names, variable: f"\0{len(names)}"}
            return ast.Comprehension(
                _renamed(item, inner), inner[variable], _renamed(iterable, names), _renamed(condition, inner)
            )
    parts = {field.name: _renamed(getattr(node, field.name), names) for field in fields(node)}
    return replace(node, **parts)
