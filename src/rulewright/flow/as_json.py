"""Lineage for programs."""

from __future__ import annotations

from typing import Any

from .lineage_of_rules import Flow, Lineage


def as_json(lineage: Lineage) -> dict[str, Any]:
    """`{"version": 1, "mappings": […], "flows": […], "more_below": …}`."""
    actions = {flow.mapping: flow.action for flow in lineage.flows}
    mappings = [
        {"name": name, "action": actions.get(name), "trigger": trigger} for name, trigger in lineage.triggers.items()
    ]
    return {
        "version": 1,
        "mappings": mappings,
        "flows": [_flow(flow) for flow in lineage.flows],
        "more_below": lineage.more_below,
    }


def _flow(flow: Flow) -> dict[str, Any]:
    return {
        "mapping": flow.mapping or None,
        "action": flow.action or None,
        "source": flow.source,
        "field": flow.field or None,
        "role": "decides" if flow.decides else "value",
        "functions": list(flow.functions),
        "conditions": list(flow.conditions),
        "excluded": list(flow.excluded),
        "below": list(flow.below),
        "personal": list(flow.personal),
        "file": flow.origin.file,
        "line": flow.origin.line,
        "column": flow.origin.column,
    }
