"""The places in an event that values were read from; for an item of a list, the item's own place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from ..compiler import ir
from ..dsl.ast import Step
from ..trace.evaluation import Traced

EventPlace: TypeAlias = tuple[Step, ...]
"""Steps from the event to a value: `("properties", "products", 0, "price")`."""


def places_read(traced: Traced, whole: Traced | None = None) -> list[EventPlace]:
    """The places that a value was read from, once each, without alternatives that were skipped.

    `whole` is the value that contains it, with the lists on its path.
    """
    return list(dict.fromkeys(place for node, place in _reads(whole or traced, {}) if _is_below(traced, node)))


def _is_below(traced: Traced, sought: Traced) -> bool:
    return any(part is sought for part in _giving(traced))


def _giving(traced: Traced) -> Iterator[Traced]:
    """A node and the nodes below it that gave its value."""
    yield traced
    chosen = isinstance(traced.node, ir.Coalesce | ir.If) and traced.parts
    for part in traced.parts[-1:] if chosen else traced.parts:
        yield from _giving(part)


def _reads(traced: Traced, items: Mapping[int, EventPlace]) -> Iterator[tuple[Traced, EventPlace]]:
    """Every read below a node with its place; `items` are the places of the items of variables."""
    node = traced.node
    if isinstance(node, ir.Read):
        place = () if node.root == ir.EVENT else items.get(node.root)
        if place is not None:
            yield traced, (*place, *node.steps)
    if not isinstance(node, ir.ForEach):
        for part in traced.parts:
            yield from _reads(part, items)
        return
    if not traced.parts:
        return
    over, *inner = traced.parts
    yield from _reads(over, items)
    listed = next((place for read, place in _reads(over, items) if read is over), None)
    number = -1
    for part in inner:
        if node.condition is None or part.node is node.condition:
            number += 1
        if listed is None:
            yield from _reads(part, items)
        else:
            # An object is taken as a list of one.
            item = (*listed, number) if isinstance(over.value, list) else listed
            yield from _reads(part, {**items, node.variable: item})
