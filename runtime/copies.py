"""The fields that generated code only copies, as a table for the part of the runtime that is in C."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from .missing import MISSING
from .native import native
from .view import View, member

Path: TypeAlias = tuple[str, ...]
Copy: TypeAlias = Callable[[Any], tuple[Any, ...]]
"""From an event, or the view of one, to the results."""
Row: TypeAlias = tuple[str, tuple[Path, ...], tuple[Path, ...]]
"""What a value may be, the results or keys of results that it goes to, and the paths it is read from: the first of them
at which there is anything but null."""

KINDS = (
    "inside",
    "filled text",
    "filled text or null",
    "text",
    "object",
    "number",
    "integer",
    "boolean",
    "anything",
)
"""What may stand at a path, by the numbers that table.h has for it; "inside" is an object that others are read from."""


def copies(plain: Copy, results: dict[str, dict[str, Any] | None], *rows: Row, view: View | None = None) -> Copy:
    """What copies as `plain` does, in C where the machine has it, else `plain` itself.

    `results` are the names of the results with what is in them at first; a value that is not as its row says sends the
    whole event to `plain`. With `view`, the results are those of a view of an event.
    """
    if native is None:
        return plain
    table = _Table(list(results), view)
    for row in rows:
        table.add(*row)
    if table.count > native.MOST_NODES:
        return plain
    return native.Table(plain, MISSING, table.count, tuple(results.values()), tuple(table.rows))


class _Table:
    """The rows as C has them: objects by number, each read before what stands in it, and keys of views as members."""

    def __init__(self, results: list[str], view: View | None) -> None:
        self.rows: list[Any] = []
        self._results = {name: number for number, name in enumerate(results)}
        self._nodes: dict[Path, tuple[int, View | None]] = {(): (0, view)}

    @property
    def count(self) -> int:
        """How many objects are read from, the event among them."""
        return len(self._nodes)

    def add(self, kind: str, places: tuple[Path, ...], paths: tuple[Path, ...]) -> None:
        """A row as generated code has it."""
        sources = tuple(map(self._source, paths))
        to = tuple((self._results[result], key[0] if key else None) for result, *key in places)
        self.rows.append((KINDS.index(kind), 0, sources, to))

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
            self.rows.append((KINDS.index("inside"), node, (source,), ()))
        return self._nodes[path]
