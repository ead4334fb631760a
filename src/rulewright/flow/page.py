"""Makes one HTML page with a Sankey diagram and tables, self-contained and without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, StrictUndefined

from ..printable import shortened
from .sankey import COLUMN_WIDTH, MARGIN, NODE_WIDTH, PlacedNode, Sankey

_LONGEST_LABEL = 42


@dataclass(frozen=True, slots=True)
class PageTable:
    """A table of the page: plain text in every cell."""

    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What a column of the diagram holds."""

    text: str
    x: float
    anchor: str


def page(
    title: str,
    summary: str,
    sankey: Sankey,
    columns: Sequence[str],
    kinds: Sequence[tuple[str, str]],
    tables: Sequence[PageTable],
) -> str:
    """The page; `kinds` are the classes of bands with their meanings. All text is escaped."""
    template = resources.files(__package__).joinpath("page.html.j2").read_text(encoding="utf-8")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    last = len(columns) - 1
    # What is rare or delicate is drawn above the rest, in the order of the key.
    order = {kind: number for number, (kind, _) in enumerate(kinds)}
    bands = sorted(sankey.bands, key=lambda band: order.get(band.link.kind, 0))

    def anchor(node: PlacedNode) -> str:
        return "end" if node.column == 0 else "start"

    def label_x(node: PlacedNode) -> float:
        return node.x - 6 if node.column == 0 else node.x + NODE_WIDTH + 6

    headings = [
        Heading(text, MARGIN + number * COLUMN_WIDTH + (NODE_WIDTH if number == last else 0), _side(number))
        for number, text in enumerate(columns)
    ]
    return environment.from_string(template).render(
        title=title,
        summary=summary,
        sankey=sankey,
        bands=bands,
        label=f"{title}: {', then '.join(columns)}",
        headings=headings,
        kinds=kinds,
        tables=tables,
        anchor=anchor,
        label_x=label_x,
        node_width=NODE_WIDTH,
        short=_short,
    )


def _side(number: int) -> str:
    return "end" if number == 0 else "start"


def _short(text: str) -> str:
    return shortened(text, _LONGEST_LABEL)
