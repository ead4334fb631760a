"""The fields that generated code only copies, as a table for the part of the runtime that is in C."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from ..native import native
from ..semantics.missing import MISSING
from .view import View, member

Path: TypeAlias = tuple[str, ...]
Copy: TypeAlias = Callable[..., Any]
"""From an event, or the view of one, to the results; or with what takes those as arguments, to what that gives."""
Row: TypeAlias = tuple[Any, ...]
"""What a value may be, the results or keys of results that it goes to, and the paths it is read from: the first of them
at which there is anything but null. Of "items" also the rows for each item, whose one result is "item"."""

KINDS = (
    "inside",
    "filled text",
    "filled text or null",
    "visible text",
    "visible text or null",
    "text",
    "object",
    "number",
    "integer",
    "boolean",
    "anything",
    "items",
)
"""What may stand at a path, by the numbers that table.h has for it: "inside" is an object that others are read from,
"items" a list of objects that are copied one by one. Of visible text, an empty one is passed over as null is."""


def copies(
    plain: Copy, results: dict[str, Any], *rows: Row, required: tuple[str, ...] = (), view: View | None = None
) -> Copy:
    """What copies as `plain` does, in C where the machine has it, else `plain` itself.

    `results` are the names of the results with what is in them at first, of which the first is a dict and has the
    `required` keys in the end; an event of which that is not true, or where a value is not as its row says, is left to
    `plain`. With `view`, the results are those of a view of an event.
    """
    if native is None:
        return plain
    table = _Table(results, view)
    for row in rows:
        table.add(*row)
    return table.made(plain, required) if table.fits else plain


class _Table:
    """The rows as C has them: objects by number, each read before what stands in it, and keys of views as members."""

    def __init__(self, results: dict[str, Any], view: View | None = None) -> None:
        self._first = tuple(results.values())
        self._results = {name: number for number, name in enumerate(results)}
        self._nodes: dict[Path, tuple[int, View | None]] = {(): (0, view)}
        self._rows: list[tuple[int, int, Any, Any, _Table | None]] = []

    @property
    def fits(self) -> bool:
        """Whether C has room for as many objects and results."""
        return (
            len(self._nodes) <= native.MOST_NODES
            and len(self._first) <= native.MOST_RESULTS
            and all(row[-1] is None or row[-1].fits for row in self._rows)
        )

    def made(self, plain: Copy | None, required: tuple[str, ...] = ()) -> native.Table:
        """The table itself, with the function behind it; a table of items has none."""
        types = tuple(view or dict for _, view in self._nodes.values())
        rows = tuple((*row, items and items.made(None)) for *row, items in self._rows)
        return native.Table(plain, MISSING, types, self._first, required, rows)

    def add(
        self, kind: str, places: tuple[Path, ...], paths: tuple[Path, ...], items: Sequence[Row] | None = None
    ) -> None:
        """A row as generated code has it."""
        sources = tuple(map(self._source, paths))
        to = tuple((self._results[result], key[0] if key else None) for result, *key in places)
        self._rows.append((KINDS.index(kind), 0, sources, to, None if items is None else _of_items(items)))

    def _source(self, path: Path) -> tuple[int, Any]:
        *parents, key = path
        node, view = self._node(tuple(parents))
        return node, key if view is None else member(view, key)[0]

    def _node(self, path: Path) -> tuple[int, View | None]:
        if path not in self._nodes:
            source = self._source(path)
            _, outer = self._nodes[path[:-1]]
            node = len(self._nodes)
            self._nodes[path] = node, None if outer is None else member(outer, path[-1])[1]
            self._rows.append((KINDS.index("inside"), node, (source,), (), None))
        return self._nodes[path]


def _of_items(rows: Sequence[Row]) -> _Table:
    table = _Table({"item": {}})
    for row in rows:
        table.add(*row)
    return table
