"""The source map: from lines of a generated module, and from fields of its mappings, to the rules."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ..action import Action
from ..outcome import Origin

_INDEX = re.compile(r"\[\d+\]")
_LAST_INDEX = re.compile(r"\[\d*\]\Z")


class SourceMap(NamedTuple):
    """The places in the rules for lines and fields, which only a failure needs."""

    origins: Sequence[tuple[str, int, int, int, str]]
    """Places in the rules, as an Origin has them."""
    lines: Sequence[tuple[int, int, str | None]]
    """For each run of lines of the module: its first line, the number of its origin (-1 for none), and its field."""
    fields: Sequence[Mapping[str, int]] = ()
    """For each mapping, the number of the origin of each field, by its path."""

    def of_line(self, line: int, _file: str = "") -> tuple[Origin | None, str | None]:
        """The place in the rules that a line of the module comes from, and the path of the field it sets, if any."""
        index = bisect_right(self.lines, line, key=lambda start: start[0]) - 1
        if index < 0:
            return None, None
        _, number, field = self.lines[index]
        return self._origin(number), field

    def of_field(self, mapping: int, path: str, action: Action) -> Origin | None:
        """The place in the rules of the value at a path of a mapping's request; None if the rules do not set it."""
        places = self.fields[mapping] if mapping < len(self.fields) else {}
        return next((self._origin(places[name]) for name in _names(path, action) if name in places), None)

    def _origin(self, number: int) -> Origin | None:
        return Origin(*self.origins[number]) if number >= 0 else None


class SourceMaps(NamedTuple):
    """The source maps of a program whose mappings are compiled by themselves."""

    matching: SourceMap
    """For filters and triggers."""
    of_file: Callable[[str], SourceMap | None]
    """For the mapping whose code has this file name."""
    of_mapping: Callable[[int], SourceMap | None]
    """For a mapping, by number."""

    def of_line(self, line: int, file: str) -> tuple[Origin | None, str | None]:
        """As `SourceMap` has it, for a line of one of the files."""
        return (self.of_file(file) or self.matching).of_line(line)

    def of_field(self, mapping: int, path: str, action: Action) -> Origin | None:
        """As `SourceMap` has it."""
        source_map = self.of_mapping(mapping)
        return None if source_map is None else source_map.of_field(0, path, action)


def _names(path: str, action: Action) -> Iterator[str]:
    """The fields that a path may come from, the nearest first, as the rules name them."""
    *below, top = _upwards(path) if path else ("",)
    yield from below
    for written in reversed(action.operations):
        key = path.removeprefix(f"{top}.{written.operation}.")
        if key != path and key.startswith(written.prefix):
            key = key.removeprefix(written.prefix)
            yield written.field if key == written.field else f"{written.field}.{key}"
    for written in reversed(action.operations):
        if path.startswith(f"{top}.{written.operation}"):
            yield written.field
    yield top
    general = _INDEX.sub("[]", path)
    for part, field in action.sources.items():
        if general == part or general.startswith((f"{part}.", f"{part}[")):
            yield from _upwards((field + general.removeprefix(part)).lstrip("."))
    if top in action.identity:
        yield from action.identity


def _upwards(path: str) -> Iterator[str]:
    """The path and its parents, up to the field; an index also matches every item."""
    while path:
        yield path
        if "[" in path:
            yield _INDEX.sub("[]", path)
        list_ = _LAST_INDEX.sub("", path)
        path = list_ if list_ != path else path.rpartition(".")[0]
