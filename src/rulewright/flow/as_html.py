"""Lineage as a page: event paths, then mappings, then fields of the destination."""

from __future__ import annotations

from .lineage_of_rules import Flow, Lineage
from .page import PageTable, page
from .sankey import Link, layout

_COLUMNS = ("event", "mapping", "field of the request")
_KINDS = (("value", "a value"), ("personal", "personal data"))


def as_html(lineage: Lineage, title: str) -> str:
    """The page with the diagram, the personal data, and what is read to decide."""
    carrying = [flow for flow in lineage.flows if not flow.decides]
    first: dict[tuple[str, str], Link] = {}
    second: dict[tuple[str, str], Link] = {}
    for flow in carrying:
        target = f"{flow.action}.{flow.field}"
        kind = "personal" if flow.personal else "value"
        _join(first, flow.source, flow.mapping, kind)
        _join(second, flow.mapping, target, kind)
    columns = (
        sorted({link.source for link in first.values()}),
        [*lineage.triggers],
        sorted({link.target for link in second.values()}),
    )
    sankey = layout(columns, ([*first.values()], [*second.values()]))
    summary = f"{len(lineage.triggers)} mappings, {len(columns[0])} paths of the event, {len(columns[2])} fields"
    return page(f"Lineage of {title}", summary, sankey, _COLUMNS, _KINDS, _tables(lineage, carrying))


def _join(links: dict[tuple[str, str], Link], source: str, target: str, kind: str) -> None:
    known = links.get((source, target))
    if known is not None and known.kind == "personal":
        kind = "personal"
    links[source, target] = Link(source, target, 1, kind, f"{source} → {target}")


def _tables(lineage: Lineage, carrying: list[Flow]) -> list[PageTable]:
    personal = [
        (path, flow.mapping, flow.field, ", ".join(flow.functions), _place(flow))
        for flow in lineage.personal
        for path in flow.personal
    ]
    values = [
        (
            flow.mapping,
            flow.field,
            flow.source,
            ", ".join(flow.excluded),
            ", ".join(flow.below),
            ", ".join(flow.functions),
            " and ".join(flow.conditions),
            _place(flow),
        )
        for flow in carrying
    ]
    deciding = [
        (flow.mapping or "(filter)", flow.field or "(trigger)", flow.source, _place(flow))
        for flow in lineage.flows
        if flow.decides
    ]
    head = ("mapping", "field", "from the event", "without", "with", "made by", "if", "rule")
    return [
        PageTable("Personal data", ("path", "mapping", "field", "made by", "rule"), sorted(personal)),
        PageTable("Triggers", ("mapping", "when"), [*lineage.triggers.items()]),
        PageTable("Values", head, values),
        PageTable("Read to decide", ("mapping", "for", "from the event", "rule"), deciding),
    ]


def _place(flow: Flow) -> str:
    return f"{flow.origin.file}:{flow.origin.line}"
