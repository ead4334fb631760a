"""Findings on the ID by which a destination recognizes repeats, where the value is the same for many events."""

from __future__ import annotations

from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ....runtime.semantics.blank import is_blank
from ... import ir
from ...catalog import DestinationSchema
from ...optimize.rewrite import simplified
from ...value_types import NOTHING, kinds
from ..context import AnalysisContext


def shared_id_findings(
    mapping: ir.Mapping, destination: DestinationSchema, context: AnalysisContext
) -> Iterator[Diagnostic]:
    """RW0317 of an ID that an author made of nothing but literals and paths that many events have in common."""
    for field in mapping.fields:
        name = field.facts.name
        if name != destination.deduplicates_by or name in mapping.action.unused:
            continue
        if field.span.source is mapping.span.source and _is_shared(field.value, context):
            message = (
                f"`{name}` is the same for many events, and {destination.title} drops all but the first as repeats"
            )
            yield Diagnostic("RW0317", message, field.span, help=(f"write `{name} = messageId`",))


def _is_shared(value: ir.Value, context: AnalysisContext) -> bool:
    reached = simplified(value)  # nothing is read after a value that is always there
    if not kinds(reached) - NOTHING or (isinstance(reached, ir.Constant) and is_blank(reached.value)):
        return False  # no ID is sent
    reads = (node for node in ir.walk(reached) if isinstance(node, ir.Read) and node.root == ir.EVENT)
    return all(context.is_shared(read.steps) for read in reads)
