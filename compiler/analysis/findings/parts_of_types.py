"""Findings on parts of an event that no event of the types that a mapping takes has."""

from __future__ import annotations

from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....dsl.syntax.paths import write_steps
from ... import ir
from ..analyzed import Rule
from ..context import AnalysisContext
from .fields import is_of_event, listed
from .paths import written_nodes

_TYPE = ("type",)
_NAMES = {"event": "name", "name": "event"}
"""What events of other types have in place of a part."""


def part_findings(rule: Rule, context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0416 of the paths that an author wrote in a trigger and in fields, each place once."""
    types = rule.hull.get(_TYPE)
    taken = [type_ for type_ in context.types if types is None or type_ in types]
    lacking = _lacking(frozenset(taken), context)
    if not taken or not lacking:
        return
    seen: set[int] = set()
    for read in _read_for_certain(rule.mapping, lacking):
        root = str(read.steps[0])
        # Some parts are missed only if a key in them is read.
        if context.parts_of(root, len(read.steps)) is None or read.span.start in seen or _is_planned(read, context):
            continue
        seen.add(read.span.start)
        message = f"{listed(taken)} events have no `{root}`, so `{read.span.text}` is never there"
        yield Diagnostic("RW0416", message, read.span, help=_help(read, root, context, taken))


def _lacking(taken: frozenset[str], context: AnalysisContext) -> set[str]:
    """The parts that no event of these types has."""
    parts = (*context.parts.items(), *context.nested_parts.items())
    return {root for root, having in parts if not having & taken}


def _read_for_certain(mapping: ir.Mapping, roots: set[str]) -> list[ir.Read]:
    """Reads of these parts that have no other value beside them, as the arguments of `coalesce` and `default` have."""
    written = list(written_nodes(mapping))
    reads = [node for node in written if isinstance(node, ir.Read) and is_of_event(node) and node.steps[0] in roots]
    if not reads:
        return []
    beside = {
        id(node)
        for whole in written
        if isinstance(whole, ir.Coalesce) or (isinstance(whole, ir.Call) and whole.function == "default")
        for node in ir.walk(whole)
    }
    return [read for read in reads if id(read) not in beside]


def _is_planned(read: ir.Read, context: AnalysisContext) -> bool:
    """Whether a schema of the author's own has the path."""
    return any(schema.place(tuple(map(str, read.steps))) is not None for schema in context.schemas[:-1])


def _help(read: ir.Read, root: str, context: AnalysisContext, taken: list[str]) -> tuple[str, ...]:
    if root == "traits":
        rest = write_steps(read.steps[1:])
        return (f"write `context.traits{rest}`, or `properties{rest}`",)
    other = _NAMES.get(root)
    having = None if other is None else context.parts_of(other, 1)
    return (f"write `{other}`",) if having is not None and having >= set(taken) else ()
