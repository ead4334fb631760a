"""Findings on parts of an event that no event of the types that are asked for has."""

from __future__ import annotations

from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.syntax.paths import write_steps
from ... import ir
from ..analyzed import Rule
from ..context import AnalysisContext
from .fields import is_of_event, listed
from .paths import written_values
from .types_asked_for import reads_with_types

_TYPE = ("type",)
_NAMES = {"event": "name", "name": "event"}
"""What events of other types have in place of a part."""
_TRAITS = frozenset(("identify", "group"))
_PROPERTIES = frozenset(("track", "page", "screen"))


def part_findings(rule: Rule, context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0416 of the paths that an author wrote in a trigger and in fields, each place once."""
    types = rule.hull.get(_TYPE)
    taken = frozenset(type_ for type_ in context.types if types is None or type_ in types)
    yield from _part_findings(written_values(rule.mapping), taken, context)


def condition_part_findings(condition: ir.Condition, context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0416 of the paths in a condition that events of all types come to: of a filter, or of a law."""
    yield from _part_findings((condition,), frozenset(context.types), context)


def _part_findings(
    written: tuple[ir.Value, ...], taken: frozenset[str], context: AnalysisContext
) -> Iterator[Diagnostic]:
    reported: set[int] = set()
    for value in written:
        # Most values are a path.
        reads = ((value, taken),) if isinstance(value, ir.Read) else reads_with_types(value, taken)
        for read, types in reads:
            if not types or not is_of_event(read) or read.span.start in reported:
                continue
            root = str(read.steps[0])
            having = context.parts_of(root, len(read.steps))
            # Some parts are missed only if a key in them is read.
            if having is None or having & types or _is_planned(read, context):
                continue
            reported.add(read.span.start)
            lacking = [type_ for type_ in context.types if type_ in types]
            message = f"{listed(lacking)} events have no `{root}`, so `{read.span.text}` is never there"
            yield Diagnostic("RW0416", message, read.span, help=_help(read, root, context, types))


def _is_planned(read: ir.Read, context: AnalysisContext) -> bool:
    """Whether a schema of the author's own has the path."""
    return any(schema.place(tuple(map(str, read.steps))) is not None for schema in context.schemas[:-1])


def _help(read: ir.Read, root: str, context: AnalysisContext, types: frozenset[str]) -> tuple[str, ...]:
    """What these events have in place of a part."""
    instead: list[str] = []
    rest = write_steps(read.steps[1:])
    if root == "traits":
        instead.append(f"context.traits{rest}")
        if types <= _PROPERTIES:
            instead.append(f"properties{rest}")
    elif root == "properties":
        instead.append(f"traits{rest}" if types <= _TRAITS else f"context.traits{rest}")
    elif root == "groupId":
        instead.append("context.groupId")
    elif (other := _NAMES.get(root)) is not None and types <= (context.parts_of(other, 1) or frozenset()):
        instead.append(other)
    elif root == "name" and types <= _TRAITS:
        instead.append("traits.name")
    elif root == "category" and types <= _PROPERTIES:
        instead.append("properties.category")
    return (f"write {', or '.join(f'`{path}`' for path in instead)}",) if instead else ()
