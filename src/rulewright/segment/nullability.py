"""Which expressions can turn out to be missing, which is `undefined` to Segment."""

from __future__ import annotations

from ..dsl import ast

_NEVER_MISSING = frozenset(("replace", "flatten", "merge", "without", "liquid", "exists", "blank"))
"""Functions that the import writes, and that give a value for whatever they are given."""


def may_be_missing(value: ast.Expression) -> bool:
    """Whether there may be an event for which the expression has no value."""
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


def without_omitted(node: ast.Object) -> ast.Object:
    """The object without keys that never have a value."""
    return ast.Object(tuple(entry for entry in node.entries if not isinstance(entry.value, ast.Omit)))
