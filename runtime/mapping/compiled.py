"""A compiled program as the generated module holds it: plain data and functions."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..action import Build, ConflictPolicy
from ..outcome import Origin, Request
from .view import View

Event = dict[str, Any]
Place = tuple[str, int, int, int, str]
"""File, line, column, end column and the line's text, as an Origin has them."""
PlaceOf = Callable[[int], Origin | None]
"""The rule text that a line of a module came from."""


Map = Callable[[Any, Build], list[Request]]
"""Makes the requests of one mapping from an event or its view, by the `build` that its action was bound to."""
Match = Callable[[Any], tuple[int, ...]]
"""The mappings that take an event, or the view of one, by number, in the order of the file."""


@dataclass(frozen=True, slots=True)
class CompiledFilter:
    """`drop when` (kind "drop"), `drop paths` ("strip") or `keep paths` ("keep")."""

    kind: str
    condition: Callable[[Event], bool] | None
    paths: tuple[tuple[str | int, ...], ...]


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """A mapping, as the rules name it."""

    name: str
    action: str
    map: Map | None
    """None where the action sends nothing, whatever the event."""
    conflict: ConflictPolicy
    constants: Mapping[str, Any]


@dataclass(slots=True)
class CompiledViews:
    """The same program for the view of an event, which JSON text is decoded to without what the rules do not read."""

    view: View
    drops: Sequence[Callable[[Any], bool]]
    """The conditions of the filters `drop when`."""
    match: Match
    maps: Sequence[Map | None]
    """Of the mappings, by number."""
    place: PlaceOf | None = None
    """None where the program's own place knows the lines."""


@dataclass(slots=True)
class CompiledProgram:
    """All that a rule file became."""

    destination: str
    settings: Mapping[str, Any]
    filters: Sequence[CompiledFilter]
    mappings: Sequence[CompiledMapping]
    match: Match
    views: Callable[[], CompiledViews] | None
    """What maps JSON text, made when it is first asked for; None where events are read whole, or changed by filters."""
    origins: Sequence[Place]
    lines: Sequence[tuple[int, int]]
    """From which line of the module on which origin holds, by its number; -1 for none."""
    place: PlaceOf = field(init=False)

    def __post_init__(self) -> None:
        self.place = self._place

    def _place(self, line: int) -> Origin | None:
        return place_in(self.origins, self.lines, line)


def place_in(origins: Sequence[Place], lines: Sequence[tuple[int, int]], line: int) -> Origin | None:
    """The place of a line by a table: the places, and from which line on which of them holds, -1 for none."""
    index = bisect_right(lines, (line, len(origins))) - 1
    return None if index < 0 or lines[index][1] < 0 else Origin(*origins[lines[index][1]])
