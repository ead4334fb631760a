"""A Sankey diagram: columns of nodes, and bands between neighboring columns whose width is a count."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

LINE = 18.0
"""The height of a node with one link of weight 1: its label fits beside it."""
LARGEST = 1100.0
"""The height of the largest column, from which on bands become thinner."""
GAP = 6.0
NODE_WIDTH = 12.0
COLUMN_WIDTH = 250.0
MARGIN = 345.0
"""The room for labels before the first column and behind the last one."""


@dataclass(frozen=True, slots=True)
class Link:
    """A band from a node of one column to a node of the next; `kind` is a class for its color."""

    source: str
    target: str
    weight: float
    kind: str
    title: str


@dataclass(slots=True)
class PlacedNode:
    """A node with its upper left corner, and the height of each side that bands have taken so far."""

    name: str
    column: int
    x: float
    y: float
    height: float
    weight: float
    taken_left: float = 0
    taken_right: float = 0


@dataclass(frozen=True, slots=True)
class Band:
    """The band of a link as the path of an SVG element, and its width."""

    link: Link
    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Sankey:
    """A diagram with the places of its parts, in pixels."""

    width: float
    height: float
    nodes: list[PlacedNode]
    bands: list[Band]


def layout(columns: Sequence[Sequence[str]], links: Sequence[Sequence[Link]]) -> Sankey:
    """The diagram of nodes, from top to bottom in the order given, and of links from each column to the next.

    There is one list of links fewer than columns. A node that no link touches is left out.
    """
    weights = [_weights(number, links) for number in range(len(columns))]
    largest = max((sum(column.values()) for column in weights), default=0)
    scale = min(LINE, LARGEST / largest) if largest else LINE
    nodes = [_column(number, names, weights[number], scale) for number, names in enumerate(columns)]
    height = max((_bottom(column) for column in nodes), default=LINE)
    for column in nodes:
        _spread(column, height)
    bands = [
        _band(link, nodes[number][link.source], nodes[number + 1][link.target], scale)
        for number, part in enumerate(links)
        for link in part
    ]
    placed = [node for column in nodes for node in column.values()]
    return Sankey(2 * MARGIN + (len(columns) - 1) * COLUMN_WIDTH + NODE_WIDTH, height, placed, bands)


def _weights(column: int, links: Sequence[Sequence[Link]]) -> dict[str, float]:
    """How much each node of a column holds: the larger of what comes in and what goes out."""
    into: defaultdict[str, float] = defaultdict(float)
    out: defaultdict[str, float] = defaultdict(float)
    for link in links[column - 1] if column else ():
        into[link.target] += link.weight
    for link in links[column] if column < len(links) else ():
        out[link.source] += link.weight
    return {name: max(into[name], out[name]) for name in into | out}


def _column(number: int, names: Sequence[str], weights: dict[str, float], scale: float) -> dict[str, PlacedNode]:
    nodes: dict[str, PlacedNode] = {}
    offset = 0.0
    for name in dict.fromkeys(names):
        if name in weights:
            height = weights[name] * scale
            # A node that is lower than its label is in the middle of the label's line.
            top = offset + max(0.0, LINE - height) / 2
            nodes[name] = PlacedNode(name, number, MARGIN + number * COLUMN_WIDTH, top, height, weights[name])
            offset += max(height, LINE) + GAP
    return nodes


def _bottom(column: dict[str, PlacedNode]) -> float:
    return max((node.y + node.height + max(0.0, LINE - node.height) / 2 for node in column.values()), default=LINE)


def _spread(column: dict[str, PlacedNode], height: float) -> None:
    """Moves the nodes of a column apart, so that it is as high as the highest one; a single node into the middle."""
    free = height - _bottom(column)
    for number, node in enumerate(column.values()):
        node.y += free * (number / (len(column) - 1) if len(column) > 1 else 0.5)


def _band(link: Link, source: PlacedNode, target: PlacedNode, scale: float) -> Band:
    width = link.weight * scale
    x0, y0 = source.x + NODE_WIDTH, source.y + source.taken_right + width / 2
    x1, y1 = target.x, target.y + target.taken_left + width / 2
    source.taken_right += width
    target.taken_left += width
    middle = (x0 + x1) / 2
    return Band(link, f"M{x0:.1f},{y0:.1f} C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f}", width)
