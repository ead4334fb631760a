"""Findings on texts that are compared as numbers: `timestamp > 2024`, `context.app.version >= 2`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import UnionType

from ....dsl.diagnostics.diagnostic import Diagnostic
from ... import ir
from ...value_types import ANY
from ..context import AnalysisContext
from .event_dates import date_help, is_event_date
from .never_true_help import never_true_help

_CUSTOM = (("properties",), ("traits",), ("context", "traits"))
"""Parts with any content of a customer, for which the types of the Segment spec are only a proposal."""


def number_findings(written: Sequence[ir.Node], context: AnalysisContext) -> Iterator[Diagnostic]:
    """RW0412 for each comparison of a text as a number, in the conditions that an author wrote."""
    # What is never true is reported of triggers and conditions as a whole, unless it is negated.
    negated = {id(node) for outer in written if isinstance(outer, ir.Not) for node in ir.walk(outer)}
    for node in written:
        if not isinstance(node, ir.Compare) or node.operator == "in":
            continue
        for subject, other in ((node.left, node.right), (node.right, node.left)):
            kind = _kind(node, subject, other, context, is_negated=id(node) in negated)
            if kind is not None:
                what = f"`{node.operator}` compares numbers"
                if node.operator in ("=", "!="):
                    what = f"`{other.span.text}` is not a text"
                message = f"`{subject.span.text}` is {kind}, and {what}"
                yield Diagnostic("RW0412", message, subject.span, help=_help(node, subject, other, context))
                break


def _kind(
    node: ir.Compare, subject: ir.Value, other: ir.Value, context: AnalysisContext, *, is_negated: bool
) -> str | None:
    """What the subject is instead of a number, and by which schema; None if it may be one, or is reported elsewhere."""
    is_ordered = node.operator not in ("=", "!=")
    if _is_written(subject, str):
        return "a text" if is_ordered and is_negated else None
    if _is_written(other, str):
        return None
    if is_event_date(subject) and (is_ordered or _is_written(other, int | float)):
        return "a date as text"
    source = _source(subject, context) if is_ordered else None
    return None if source is None else f"a text{source}"


def _is_written(value: ir.Node, kind: type | UnionType) -> bool:
    return isinstance(value, ir.Constant) and isinstance(value.value, kind)


def _source(value: ir.Node, context: AnalysisContext) -> str | None:
    """The schema by which a value is a text, after ` in `; empty for a call that returns text; else None."""
    if isinstance(value, ir.Call):
        return "" if value.returns == "string" else None
    if not isinstance(value, ir.Read) or value.root != ir.EVENT:
        return None
    path = tuple(map(str, value.steps))
    for schema in context.schemas:
        place = schema.place(path)
        if place is None or place.kinds == ANY:
            continue
        if schema is context.schemas[-1] and any(path[: len(part)] == part for part in _CUSTOM):
            return None
        return f" in {schema.title}" if place.kinds <= {"string", "null"} else None
    return None


def _help(node: ir.Compare, subject: ir.Value, other: ir.Value, context: AnalysisContext) -> tuple[str, ...]:
    if isinstance(subject, ir.Constant):
        return never_true_help(node)
    if is_event_date(subject) and isinstance(other, ir.Constant):
        return (date_help(node, other),)
    function = "timestamp_ms" if is_event_date(subject) else "number"
    has_two = _source(other, context) is not None
    left, right = (
        f"{function}({operand.span.text})" if operand is subject or has_two else operand.span.text
        for operand in (node.left, node.right)
    )
    return (f"write `{left} {node.operator} {right}`",)
