"""`@merge` to a call of `merge` that takes a key away where Segment does."""

from __future__ import annotations

from collections.abc import Sequence

from ..dsl import ast
from .nullability import may_be_missing, without_omitted


def merged(parts: Sequence[ast.Expression]) -> ast.Expression:
    """The parts in one object, the last one first asked.

    Segment lets a key that a mapping names hide the same key of the objects before it, even where its own value
    turns out to be missing: `{ plan: traits.plan }` leaves no older `plan` behind.
    """
    done: list[ast.Expression] = []
    for part in parts:
        hidden = [key for key in _uncertain_keys(part) if any(_may_have(each, key) for each in done)]
        if hidden:
            earlier = ast.Call("merge", tuple(done))
            done = [ast.Call("without", (earlier, *map(ast.Literal, hidden)))]
        kept = without_omitted(part) if isinstance(part, ast.Object) else part
        if not hidden or kept != ast.Object(()):
            done.append(kept)
    if len(done) == 1 and (isinstance(done[0], ast.Object) or _is_without(done[0])):
        return done[0]
    return ast.Call("merge", tuple(done)) if done else ast.Object(())


def _is_without(part: ast.Expression) -> bool:
    return isinstance(part, ast.Call) and part.function == "without"


def _uncertain_keys(part: ast.Expression) -> list[str]:
    if not isinstance(part, ast.Object):
        return []
    return [entry.key for entry in part.entries if may_be_missing(entry.value)]


def _may_have(part: ast.Expression, key: str) -> bool:
    return not isinstance(part, ast.Object) or any(entry.key == key for entry in part.entries)
