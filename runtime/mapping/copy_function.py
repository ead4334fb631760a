"""Writes the Python function that copies what the rows of a table say; C leaves unusual events to it.

A loop over the rows would take four times as long. Keys of the rules enter the code as literals, and nothing else of an
author's does: every name in it is one of this file's, or an attribute of a view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any, NamedTuple, Protocol

from ..semantics.accepted_values import ACCEPTED
from .copy_reads import DEEPEST, KeyPath, Lines, ObjectReads, Row, TargetKeys, literal
from .view import TEXT, VALUE_OBJECT, View

_TYPES_IN_VIEW = {"string": TEXT, "object": VALUE_OBJECT}
"""The types of a view's keys whose values are of a kind, or None."""


class RowTable(Protocol):
    """What a function is written from: a `CopyTable`."""

    @property
    def fields(self) -> Mapping[str, Any]: ...
    @property
    def results(self) -> Mapping[str, Any]: ...
    @property
    def rows(self) -> Sequence[Row]: ...
    @property
    def required(self) -> tuple[str, ...]: ...


class WrittenFunction(NamedTuple):
    """The text of a function that copies, and what its lines and its empty objects are."""

    text: str
    fields: list[str | None]
    """For each line from the second on, the field that it sets."""
    nothing: list[View]
    """The views that the code has an empty instance of, by number."""


def write_copy_function(table: RowTable, view: View | None) -> WrittenFunction:
    """The function `copied(event, build=None)`: the results of a table, or the result of `build` for them."""
    writer = _Writer(table, view)
    writer.write()
    text = "\n".join(["def copied(event, build=None):", *writer.lines.lines, ""])
    return WrittenFunction(text, writer.lines.fields, writer.reads.nothing)


class _Writer:
    """Writes one function."""

    def __init__(self, table: RowTable, view: View | None) -> None:
        self.table = table
        self.lines = Lines()
        self._add, self._inside = self.lines.add, self.lines.inside
        self._names = count(1)
        self.reads = ObjectReads(self.lines, "event", view, self._names)
        self._results = {name: f"result{number}" for number, name in enumerate(table.results)}

    def write(self) -> None:
        """Writes the whole function."""
        for name, first in self.table.results.items():
            self._add(f"{self._results[name]} = {literal(first)}")
        for path in _read_from_outside(self.table.rows):
            self.reads.fetch(path)
        for row in self.table.rows:
            field = _field_of(row[1][0])
            self.lines.field = field if field in self.table.fields else None
            self.reads.enter(_block(row))
            self._row(row)
        self.lines.field = None
        self.reads.enter(())
        for key in self.table.required:
            self._add(f"if {literal(key)} not in result0:")
            self._add(f"    refuse_required({literal(key)})")
        given = ", ".join(self._results.values())
        self._add("if build is None:")
        self._add(f"    return {given},")
        self._add(f"return build({given})")

    # --- rows --------------------------------------------------------------------------------------------------------

    def _row(self, row: Row) -> None:
        kind, places, sources, *items = row
        is_alone = len(places) == 1 and len(places[0]) == 1
        if kind == "items":
            self._take("value", sources, null_is_missing=True)
            self._items(places[0], items[0])
        elif kind == "anything" and is_alone:
            self._take(self._results[places[0][0]], sources, null_is_missing=True)
        else:
            null_is_missing = is_alone or not kind.endswith(" or null")
            self._take("value", sources, null_is_missing=null_is_missing, visible=kind.startswith("visible"))
            accepted, is_sure = self._accepted(kind, sources, null_is_missing=null_is_missing)
            self._judge(places, accepted, "None" if null_is_missing else "MISSING", is_sure=is_sure)

    def _take(self, name: str, sources: Sequence[KeyPath], *, null_is_missing: bool, visible: bool = False) -> None:
        """Gives a name the value at the first of the sources where there is one."""
        for number, path in enumerate(sources):
            read = f"{name} = {self.reads.read(path, null_is_missing=null_is_missing or number < len(sources) - 1)}"
            if number == 0:
                self._add(read)
            else:
                self._add(f"if {name} is None or is_blank({name}):" if visible else f"if {name} is None:")
                self._add(f"    {read}")

    def _accepted(self, kind: str, sources: Sequence[KeyPath], *, null_is_missing: bool) -> tuple[str, bool]:
        """The test that a value is accepted unchanged, and whether every other value is none."""
        kind, nullable, _ = kind.partition(" or null")
        accepted = ACCEPTED[kind]
        test, test_of_kind = (text.replace("{}", "value") for text in (accepted.test, accepted.test_of_kind))
        expected = _TYPES_IN_VIEW.get(accepted.kind or "")
        keys = [self.reads.key(path) for path in sources]
        if expected is None or not all(key is not None and key[1].type == expected for key in keys):
            return (f"value is None or {test}" if nullable else test), False
        if not nullable:
            return test_of_kind, kind != "visible text"
        if not null_is_missing and kind == "filled text":
            return "value is not MISSING and value != ''", True
        return f"value is None or {test_of_kind if null_is_missing else test}", False

    def _judge(self, places: Sequence[TargetKeys], accepted: str, absent: str, *, is_sure: bool) -> None:
        """Puts a value that is accepted unchanged into its places, and leaves every other to the fields."""
        targets = [self._target(place) for place in places if place[0] is not None]
        if targets:
            with self._inside(f"if {accepted}:"):
                self._add(f"{' = '.join(targets)} = value")
        if is_sure:
            return
        unaccepted = f"elif value is not {absent}:" if targets else f"if value is not {absent} and not ({accepted}):"
        with self._inside(unaccepted):
            for place in places:
                self._convert(place)

    def _target(self, place: TargetKeys) -> str:
        name = self._results[str(place[0])]
        return name if len(place) == 1 else f"{name}[{literal(place[1])}]"

    def _convert(self, place: TargetKeys) -> None:
        """Converts a value by its field, and puts the result into a place."""
        result, path = place[0], _field_of(place)
        field = f"fields[{literal(path)}]"
        if result is None:
            self._add(f"put_inside({{}}, {field}, value)" if "." in path else f"take({field}, value)")
        elif len(place) == 1:
            self._add(f"{self._target(place)} = take({field}, value)")
        else:
            put = "put" if result == "payload" else "put_inside"
            self._add(f"{put}({self._results[result]}, {field}, value)")

    # --- lists -------------------------------------------------------------------------------------------------------

    def _items(self, place: TargetKeys, rows: Sequence[Row]) -> None:
        """A list with an object for each item of a list; of one object, as if it were in a list."""
        with self._inside("if value.__class__ is list or value.__class__ is dict:"):
            self._each(self._target(place), _field_of(place), rows)
        with self._inside("elif value is not None and value is not MISSING:"):
            self._convert(place)

    def _each(self, target: str, path: str, rows: Sequence[Row]) -> None:
        outer, field = self.reads, self.lines.field
        number = next(self._names)
        items, item, line = f"items{number}", f"item{number}", f"line{number}"
        self._add(f"{items} = {target} = []")
        with (
            self._inside("try:"),
            self._inside(f"for {item} in value if value.__class__ is list else [value]:"),
        ):
            self._add(f"if {item}.__class__ is not dict:")
            self._add(f"    {item} = readable({item})")
            self.reads = ObjectReads(self.lines, item, None, self._names)
            for parents in dict.fromkeys(source[:-1] for row in rows for source in row[2]):
                self.reads.fetch(parents)
            self._add(f"{line} = {{}}")
            for row in rows:
                self._row_of_item(row, line, path)
            self._add(f"{items}.append({line})")
        self.reads, self.lines.field = outer, field
        with self._inside("except Exception as failure:"):
            self._add(f"at_item(failure, len({items}))")
            self._add("raise")

    def _row_of_item(self, row: Row, line: str, path: str) -> None:
        """In an item, a key that the action does not know keeps null."""
        kind, ((_, key),), sources, *items = row
        self.lines.field = f"{path}[].{key}"
        field, target = f"fields[{literal(f'{path}.{key}')}]", f"{line}[{literal(key)}]"
        if kind == "items":
            self._take("value", sources, null_is_missing=True)
            with self._inside("if value.__class__ is list or value.__class__ is dict:"):
                self._each(target, f"{path}.{key}", items[0])
            with self._inside("elif value is not None and value is not MISSING:"):
                self._add(f"put_inside({line}, {field}, value)")
            return
        self._take("value", sources, null_is_missing=False, visible=kind.startswith("visible"))
        accepted = (
            "value is not MISSING" if kind == "anything" else self._accepted(kind, sources, null_is_missing=False)[0]
        )
        with self._inside(f"if {accepted}:"):
            self._add(f"{target} = value")
        if kind != "anything":
            with self._inside("elif value is not MISSING:"):
                self._add(f"put_inside({line}, {field}, value)")


def _field_of(place: TargetKeys) -> str:
    """The path of the field that a place is of."""
    result, *keys = place
    return ".".join(keys) if result is None or result == "payload" else ".".join((result, *keys))


def _block(row: Row) -> KeyPath:
    """The object without which a row has no value; the event where there is none, or more than one."""
    parents: set[KeyPath] = {source[:-1] for source in row[2]}
    (parent,) = parents if len(parents) == 1 else ((),)
    return parent if len(parent) <= DEEPEST else ()


def _read_from_outside(rows: Sequence[Row]) -> Iterator[KeyPath]:
    """The objects that rows read from which are in no block of theirs."""
    return iter(dict.fromkeys(source[:-1] for row in rows for source in row[2] if source[:-1] != _block(row)))
