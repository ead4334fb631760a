"""The items of files that change: only new items of a text are read."""

from __future__ import annotations

from ..dsl import ast
from ..dsl.source import Source
from ..dsl.syntax.reader import FileReader


class Trees:
    """The last tree of each file. The spans of a tree are valid until the next tree of the same file."""

    def __init__(self) -> None:
        self._readers: dict[str, FileReader] = {}
        self._last: dict[str, tuple[Source, ast.File]] = {}

    def of(self, source: Source) -> ast.File:
        """The items of a text that can be read."""
        last = self._last.get(source.name)
        if last is not None and last[0].text == source.text:
            return last[1]
        tree, _ = self._readers.setdefault(source.name, FileReader()).read(source)
        self._last[source.name] = source, tree
        return tree

    def forget(self, name: str) -> None:
        """Forget a file that is closed."""
        self._readers.pop(name, None)
        self._last.pop(name, None)
