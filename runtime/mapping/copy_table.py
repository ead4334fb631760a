"""The copies of a mapping as rows: C runs them, and a Python function made from the same rows does the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FrameType, FunctionType
from typing import Any, TypeAlias

from ...frozen import dataclass
from ..expressions import INFINITY, NOTHING, is_blank, null_for_missing, readable
from ..fields.field import Field
from ..fields.put import at_item, put, put_inside, refuse_required, take
from ..native import native
from ..semantics.missing import MISSING
from ..source_text import SourceText
from .copy_function import write_copy_function
from .copy_reads import KeyPath, Row, TargetKeys
from .view import View, member

Copy: TypeAlias = Callable[..., Any]
"""Takes an event, or the view of one, and returns the results; with a function as second argument, it calls that with
the results and returns what that returns."""

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
"""The kinds of value at a path, by their numbers in table.h: "inside" is an object that others are read from,
"items" a list of objects that are copied one by one. Of visible text, an empty one is passed over as null is."""

_FILE = "<copies>"
_FIELDS_OF_LINES = "fields_of_lines"
"""The global name of a copying function for the field that each of its lines sets, from the second line on."""


@dataclass(frozen=True, slots=True)
class CopyTable:
    """The rows of a mapping, in the order in which they fill its results."""

    fields: Mapping[str, Field]
    """The fields of the mapping's action, by path."""
    results: Mapping[str, Any]
    """The results by name, with what is in each at first; the first is the payload."""
    rows: Sequence[Row]
    required: tuple[str, ...] = ()
    """Keys that the payload must have in the end; an event without one is refused."""

    def of_events(self) -> Copy:
        """The function that copies from events that are dicts."""
        return self._copy(None)

    def of_views(self, view: View) -> Copy:
        """The function that copies from views of events."""
        return self._copy(view)

    def _copy(self, view: View | None) -> Copy:
        return copies(self.function(view), dict(self.results), *self.rows, required=self.required, view=view)

    def function(self, view: View | None) -> Copy:
        """The Python function, which is written at its first call, because C seldom calls it."""
        names: dict[str, Any] = {"__name__": "rulewright.copies"}
        function = FunctionType(_first_call.__code__, names, "copied")

        def finish() -> Copy:
            code = write_copy_function(self, view)
            names.update(_NAMES, fields=self.fields)
            names.update((f"nothing{number}", inner()) for number, inner in enumerate(code.nothing))
            names[_FIELDS_OF_LINES] = code.fields
            compiled = _compiled(code.text)
            names["__loader__"] = SourceText(compiled.co_filename, lambda: code.text)
            # The code comes last: another thread may call the function at once.
            function.__defaults__ = (None,)
            function.__code__ = compiled
            return function

        names["finish"] = finish
        return function


_NAMES = {
    "INFINITY": INFINITY,
    "MISSING": MISSING,
    "NOTHING": NOTHING,
    "at_item": at_item,
    "is_blank": is_blank,
    "null_for_missing": null_for_missing,
    "put": put,
    "put_inside": put_inside,
    "readable": readable,
    "refuse_required": refuse_required,
    "take": take,
}
"""What the code of a copying function calls."""


def _first_call(*given: Any) -> Any:
    """The code of a function that has not been written yet: it writes the function, and calls that."""
    return finish()(*given)  # type: ignore[name-defined]  # noqa: F821 -- among the names that the function is given


def _compiled(text: str) -> CodeType:
    """The code of a function."""
    from hashlib import sha256  # it loads a library of C, and most functions are never written

    name = f"{_FILE} {sha256(text.encode()).hexdigest()[:12]}"
    names: dict[str, Any] = {}
    exec(compile(text, name, "exec", dont_inherit=True), names)  # noqa: S102 -- made from literals and names of copy_function.py
    code: CodeType = names["copied"].__code__
    return code


def is_copying(frame: FrameType) -> bool:
    """Whether a frame of a traceback is that of a copying function."""
    return frame.f_code.co_filename.startswith(_FILE)


def field_of_line(frame: FrameType, line: int) -> str | None:
    """The field that a line of a copying function sets; None if it sets none."""
    fields: list[str | None] = frame.f_globals.get(_FIELDS_OF_LINES, [])
    return fields[line - 2] if 2 <= line < len(fields) + 2 else None


def copies(
    plain: Copy, results: dict[str, Any], *rows: Row, required: tuple[str, ...] = (), view: View | None = None
) -> Copy:
    """A function in C that copies as `plain` does; `plain` itself if C was not built.

    `results` are the initial results by name, the first of which is the payload, a dict. An event that does not fill
    its `required` keys, or has a value that its row does not accept, is left to `plain`. With `view`, the function
    takes views of events.
    """
    if native is None:
        return plain
    table = _Table(results, view)
    for row in rows:
        table.add(*row)
    return table.made(plain, required) if table.fits else plain


class _Table:
    """The rows as C reads them: objects by number, each before those inside it, and keys of views as members."""

    def __init__(self, results: dict[str, Any], view: View | None = None) -> None:
        self._first = tuple(results.values())
        self._results = {name: number for number, name in enumerate(results)}
        self._nodes: dict[KeyPath, tuple[int, View | None]] = {(): (0, view)}
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
        self, kind: str, places: tuple[TargetKeys, ...], paths: tuple[KeyPath, ...], items: Sequence[Row] | None = None
    ) -> None:
        """A row as generated code has it."""
        sources = tuple(map(self._source, paths))
        to = tuple(
            (self._results[place[0]], place[1] if len(place) > 1 else None) for place in places if place[0] is not None
        )
        self._rows.append((KINDS.index(kind), 0, sources, to, None if items is None else _of_items(items)))

    def _source(self, path: KeyPath) -> tuple[int, Any]:
        *parents, key = path
        node, view = self._node(tuple(parents))
        return node, key if view is None else member(view, key)[0]

    def _node(self, path: KeyPath) -> tuple[int, View | None]:
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
