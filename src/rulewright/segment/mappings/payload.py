"""The payload that Segment's paths are read from: the event, an item of a list, or what a `@transform` made."""

from __future__ import annotations

from ...dsl import ast
from ...printable import printable

EVENT = ast.Path((), rooted=True)
"""The whole event, `$`."""


def reach(target: ast.Expression, steps: tuple[ast.Step, ...]) -> ast.Expression:
    """The expression for the value that steps lead to from a target.

    A step into an object that the mapping itself writes gives the expression of the entry, so that nothing is computed
    twice, and the rule reads as if there were no `@transform`.
    """
    if not steps or isinstance(target, ast.Omit):
        return target
    match target:
        case ast.Path(()):
            return _path_from_event(steps)
        case ast.Path():
            return ast.Path(target.steps + steps, target.rooted)
        case ast.Access():
            return ast.Access(target.target, target.steps + steps)
        case ast.Object(entries):
            named = {entry.key: entry.value for entry in entries}
            return reach(named.get(str(steps[0]), ast.Omit()), steps[1:])
        case ast.Literal(value) if not value:
            return target
        case ast.Literal(value) if not isinstance(value, str):
            return ast.Omit()
    return ast.Access(target, steps)


def _path_from_event(steps: tuple[ast.Step, ...]) -> ast.Path:
    """A path that is written with `$` where its first step cannot be written as a name."""
    first = steps[0]
    return ast.Path(steps, rooted=not isinstance(first, str) or not first or printable(first) != first)


def variable_for(iterable: ast.Expression, taken: tuple[str, ...]) -> str:
    """A name for one item of a list: `product` for `properties.products`, `item` where the list has no such name."""
    name = "item"
    if isinstance(iterable, ast.Path) and iterable.steps:
        last = iterable.steps[-1]
        if isinstance(last, str) and last.isascii() and last.isidentifier() and last.endswith("s") and len(last) > 3:
            name = last.removesuffix("s").lower()
    if name in _WORDS:
        name = "item"
    count = 1
    unique = name
    while unique in taken:
        count += 1
        unique = f"{name}{count}"
    return unique


_WORDS = frozenset(("true", "false", "null", "omit", "and", "or", "in", "for", "if", "event", "context", "type"))
"""Words of the language, and names that a reader would take for a part of the event."""
