"""Findings on fields that an action has but never sends."""

from __future__ import annotations

from collections.abc import Iterator

from ....dsl.diagnostics.diagnostic import Diagnostic
from ... import ir
from ...catalog import DestinationSchema


def unused_findings(mapping: ir.Mapping, destination: DestinationSchema | None) -> Iterator[Diagnostic]:
    """RW0508 of the fields that an author sets; the defaults of an action may set them as Segment's do."""
    for field in mapping.fields:
        name = field.facts.name
        if field.span.source is mapping.span.source and name in mapping.action.unused:
            message = f"{mapping.action.name} never sends `{name}`"
            senders = [] if destination is None else _senders(name, destination)
            help_ = (f"map the event to {senders[0]}, which sends it",) if senders else ("take it out",)
            yield Diagnostic("RW0508", message, field.span, help=help_)


def _senders(name: str, destination: DestinationSchema) -> list[str]:
    return [
        action.name
        for action in destination.actions.values()
        if name not in action.unused and any(facts.name == name for facts in action.fields)
    ]
