"""Lineage for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from ..explain.terminal_columns import Paint
from .lineage_of_rules import Flow, Lineage

_MOST_NAMED = 12


def as_text(lineage: Lineage, paint: Paint) -> Iterator[str]:
    """For each mapping its fields with the paths that reach them, and what is read to decide."""
    filters = [flow for flow in lineage.flows if not flow.mapping]
    if filters:
        yield f"{paint('Filters', 'strong')} read {_names(filters)}"
        yield ""
    for name, trigger in lineage.triggers.items():
        flows = [flow for flow in lineage.flows if flow.mapping == name]
        action = f" -> {flows[0].action}" if flows else ""
        quoted = f'"{name}"'
        yield f"{paint(quoted, 'strong')}{action}  {paint(f'when {trigger}', 'quiet')}"
        carrying = [flow for flow in flows if not flow.decides]
        width = max((len(flow.field) for flow in carrying), default=0)
        shown = ""
        for flow in carrying:
            field = "" if flow.field == shown else flow.field
            shown = flow.field
            yield f"  {field:{width}}  {paint(flow.source, 'place')}{_way(flow)}"
            if flow.below:
                yield f"  {'':{width}}    {paint(_some(flow.below), 'quiet')}"
        if deciding := [flow for flow in flows if flow.decides]:
            yield f"  {paint('read to decide:', 'quiet')} {_names(deciding)}"
        yield ""
    if lineage.more_below:
        yield f"{lineage.more_below:,} more paths below these are not shown"


def personal_as_text(lineage: Lineage, paint: Paint) -> Iterator[str]:
    """For each personal path, the fields that it reaches."""
    ways: dict[str, list[Flow]] = {}
    for flow in lineage.personal:
        for path in flow.personal:
            ways.setdefault(path, []).append(flow)
    for path, flows in sorted(ways.items()):
        yield paint(path, "strong")
        for flow in flows:
            within = "" if flow.source == path else f"  in `{flow.source}`"
            yield f'  "{flow.mapping}" -> {flow.action}: {flow.field}{within}{_made(flow)}{_place(flow, paint)}'
    if not ways:
        yield "no personal data that is known reaches a request"


def _way(flow: Flow) -> str:
    without = f", without {', '.join(flow.excluded)}" if flow.excluded else ""
    return f"{without}{_made(flow)}"


def _made(flow: Flow) -> str:
    functions = f"  through {', '.join(flow.functions)}" if flow.functions else ""
    conditions = f"  if {' and '.join(flow.conditions)}" if flow.conditions else ""
    return functions + conditions


def _place(flow: Flow, paint: Paint) -> str:
    return "  " + paint(f"{flow.origin.file}:{flow.origin.line}:{flow.origin.column}", "quiet")


def _names(flows: list[Flow]) -> str:
    return ", ".join(dict.fromkeys(flow.source for flow in flows))


def _some(paths: tuple[str, ...]) -> str:
    more = len(paths) - _MOST_NAMED
    return ", ".join(paths[:_MOST_NAMED]) + (f" and {more:,} more" if more > 0 else "")
