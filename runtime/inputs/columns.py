"""Converts rows of a table to events: from a column of JSON, or with a column for each path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from ..mapping.event_text import read_event
from ..semantics.event import is_event_type
from .problem import InputRefused
from .recognition import is_path

_encode = msgspec.json.Encoder(decimal_format="number").encode


class TableRows:
    """Converts rows to JSON texts of events; the first row decides whether a column holds events as JSON."""

    def __init__(self, header: Sequence[str], first: Sequence[Any]) -> None:
        """Raises InputRefused for two columns of one name, or if no column holds events and none is a path."""
        self._header = [name.strip() for name in header]
        doubles = {name for name in self._header if name and self._header.count(name) > 1}
        if doubles:
            raise InputRefused(f"the table has two columns `{min(doubles)}`", "give each column its own name")
        self.json = next((number for number, cell in enumerate(first[: len(header)]) if _is_event(cell)), None)
        """The number of the column of JSON."""
        if self.json is None and not any(map(is_path, self._header)):
            names = ", ".join(f"`{name}`" for name in self._header[:8])
            raise InputRefused(
                f"no column of the table holds events as JSON, and none is a path of an event (columns: {names})",
                "name columns by paths such as `type`, `userId`, `context.device.id`",
            )
        self._paths = [name.split(".") for name in self._header]

    @property
    def description(self) -> str:
        """How the rows are read, in words."""
        if self.json is not None:
            return f"events in column `{self._header[self.json]}`"
        others = [name for name in self._header if name and not is_path(name)]
        if not others:
            return "a column for each path"
        names = ", ".join(f"`{name}`" for name in others[:8]) + (", …" if len(others) > 8 else "")
        return f"a column for each path, and columns that events of Segment do not have: {names}"

    def event(self, cells: Iterable[Any]) -> bytes:
        """The JSON text of one row; empty for a row without a value.

        Raises InputRefused for a column inside another whose value is not an object.
        """
        if self.json is not None:
            cell = list(cells)[self.json]
            return b"" if cell is None else cell.encode() if isinstance(cell, str) else bytes(cell)
        event: dict[str, Any] = {}
        for path, cell in zip(self._paths, cells, strict=True):
            if cell is not None and path[0]:
                self._put(event, path, cell)
        return _encode(event) if event else b""

    def _put(self, event: dict[str, Any], path: list[str], cell: Any) -> None:
        target: Any = event
        for step in path[:-1]:
            target = target.setdefault(step, {})
            if not isinstance(target, dict):
                raise InputRefused(f"column `{'.'.join(path)}` is within column `{step}`, which is not an object")
        own = target.get(path[-1])
        target[path[-1]] = {**cell, **own} if isinstance(own, dict) and isinstance(cell, dict) else cell


def _is_event(cell: Any) -> bool:
    """Whether a cell is the JSON text of an event."""
    if not isinstance(cell, str | bytes):
        return False
    try:
        return is_event_type(read_event(cell).get("type"))
    except ValueError:
        return False
