"""JSON values as rule text has them."""

from __future__ import annotations

from typing import Any

from ..dsl import ast


def literal(value: Any) -> Any:
    """The node of a JSON value."""
    if isinstance(value, dict):
        return ast.Object(tuple(ast.Entry(str(key), literal(inner)) for key, inner in value.items()))
    return ast.List(tuple(map(literal, value))) if isinstance(value, list) else ast.Literal(value)
