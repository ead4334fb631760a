"""JSON values as rule text has them."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ..dsl import ast
from ..dsl.syntax.strings import SURROGATE


def literal(value: Any) -> Any:
    """The node of a JSON value."""
    if isinstance(value, dict):
        return ast.Object(tuple(ast.Entry(str(key), literal(inner)) for key, inner in value.items()))
    return ast.List(tuple(map(literal, value))) if isinstance(value, list) else ast.Literal(value)


def is_writable(value: Any) -> bool:
    """Whether rule text can have a JSON value.

    It cannot have half of a character, nor a number beyond the largest double, which is read as Infinity.
    """
    if isinstance(value, dict):
        return all(map(is_writable, (*value, *value.values())))
    if isinstance(value, list):
        return all(map(is_writable, value))
    if isinstance(value, str):
        return SURROGATE.search(value) is None
    return not isinstance(value, float) or isfinite(value)
