"""Lineage whose names and paths a terminal may show."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from ..printable import printable
from ..runtime.outcome import Origin
from .lineage_of_rules import Flow, Lineage


def printable_lineage(lineage: Lineage) -> Lineage:
    """The lineage with control characters escaped in all texts from rules, events and file names."""
    triggers = {printable(name): printable(trigger) for name, trigger in lineage.triggers.items()}
    return replace(lineage, flows=list(map(printable_flow, lineage.flows)), triggers=triggers)


def printable_flow(flow: Flow) -> Flow:
    """One flow with control characters escaped."""
    return replace(flow, **{field.name: _shown(getattr(flow, field.name)) for field in fields(flow)})


def _shown(value: Any) -> Any:
    match value:
        case str():
            return printable(value)
        case Origin():
            return value._replace(file=printable(value.file))
        case tuple():
            return tuple(map(_shown, value))
        case _:
            return value
