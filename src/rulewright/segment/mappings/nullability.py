"""Says which expressions may be missing, which is `undefined` in Segment, or null."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from ...dsl import ast

_NEVER_MISSING = frozenset(("replace", "flatten", "merge", "without", "liquid", "exists", "blank"))
"""Functions that the import writes, and that give a value for whatever they are given."""


def may_be_missing(value: ast.Expression) -> bool:
    """Whether the expression may have no value for some event."""
    match value:
        case ast.Literal() | ast.Template() | ast.Object() | ast.List():
            return False
        case ast.Call("coalesce", arguments):
            return may_be_missing(arguments[-1])
        case ast.Call("if", (_, then, otherwise)):
            return may_be_missing(then) or may_be_missing(otherwise)
        case ast.Call(function):
            return function not in _NEVER_MISSING
    return True


def may_be_null(value: ast.Expression) -> bool:
    """Whether the value may be null for some event."""
    if isinstance(value, ast.Literal):
        return value.value is None
    return not isinstance(value, ast.Template | ast.Object | ast.List)


def without_omitted(node: Any) -> Any:
    """The expression without the keys of objects whose value is `omit`."""
    if isinstance(node, tuple):
        return tuple(map(without_omitted, node))
    if not isinstance(node, ast.Node):
        return node
    if isinstance(node, ast.Object):
        kept = [entry for entry in node.entries if not isinstance(entry.value, ast.Omit)]
        return ast.Object(tuple([ast.Entry(entry.key, without_omitted(entry.value)) for entry in kept]))
    return replace(node, **{field.name: without_omitted(getattr(node, field.name)) for field in fields(node)})
