"""Converts `@merge` to a call of `merge` that removes a key wherever Segment does."""

from __future__ import annotations

from collections.abc import Sequence

from ...dsl import ast
from .nullability import may_be_missing, may_be_null, without_omitted


def merged(parts: Sequence[ast.Expression]) -> ast.Expression:
    """The expression that merges parts, of which later ones win.

    In Segment, a key that a mapping names replaces the same key of earlier objects even if its value is missing: after
    `{ plan: traits.plan }`, no earlier `plan` is left.
    """
    done: list[ast.Expression] = []
    for part in parts:
        hidden = [key for key in _uncertain_keys(part) if any(_may_have(each, key) for each in done)]
        if hidden:
            earlier = ast.Call("merge", tuple(done))
            done = [ast.Call("without", (earlier, *map(ast.Literal, hidden)))]
        if not hidden or without_omitted(part) != ast.Object(()):
            done.append(part)
    if len(done) == 1 and (isinstance(done[0], ast.Object) or _is_without(done[0])):
        return done[0]
    return ast.Call("merge", tuple(done)) if done else ast.Object(())


def may_hide_more(part: ast.Expression) -> bool:
    """Whether a part may hold keys that are undefined in Segment and absent from its expression."""
    match part:
        case ast.Call("compact", (inner,)):
            return not isinstance(inner, ast.Object)
        case ast.Call("if" | "coalesce" | "flatten" | "merge" | "without", arguments):
            return any(_uncertain_keys(argument) or may_hide_more(argument) for argument in arguments)
    return False


def _is_without(part: ast.Expression) -> bool:
    return isinstance(part, ast.Call) and part.function == "without"


def _uncertain_keys(part: ast.Expression) -> list[str]:
    match part:
        case ast.Object(entries):
            return [entry.key for entry in entries if may_be_missing(entry.value)]
        case ast.Call("compact", (ast.Object(entries),)):
            return [entry.key for entry in entries if may_be_missing(entry.value) or may_be_null(entry.value)]
    return []


def _may_have(part: ast.Expression, key: str) -> bool:
    return not isinstance(part, ast.Object) or any(entry.key == key for entry in part.entries)
