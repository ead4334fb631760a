"""JSON values as rule text has them."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ..dsl import ast


def literal(value: Any) -> Any:
    """The node of a JSON value."""
    if isinstance(value, dict):
        return ast.Object(tuple(ast.Entry(str(key), literal(inner)) for key, inner in value.items()))
    return ast.List(tuple(map(literal, value))) if isinstance(value, list) else ast.Literal(value)


def is_writable(value: Any) -> bool:
    """Whether rule text can have a JSON value: it has no number beyond the largest double, read as Infinity."""
    if isinstance(value, dict | list):
        return all(map(is_writable, value.values() if isinstance(value, dict) else value))
    return not isinstance(value, float) or isfinite(value)
