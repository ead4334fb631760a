"""A compiled program as the generated module holds it: plain data and functions."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..action import Build, ConflictPolicy
from ..outcome import Request
from ..semantics.event import Event
from .filters import FilterSteps
from .source_map import SourceMap, SourceMaps
from .view import View

SourceMapOf = Callable[[], SourceMap | SourceMaps | None]
"""Gives the source map of a module, which only a failure needs; None if it cannot be read any more."""
Map = Callable[[Any, Build], list[Request]]
"""Makes the requests of one mapping from an event or its view, by the `build` that its action was bound to."""
Match = Callable[[Any], tuple[int, ...]]
"""The mappings that take an event, or the view of one, by number, in the order of the file."""


@dataclass(frozen=True, slots=True)
class CompiledFilter:
    """`drop when` (kind "drop"), `drop paths` ("strip") or `keep paths` ("keep")."""

    kind: str
    condition: Callable[[Event], bool] | None
    paths: tuple[FilterSteps, ...]


@dataclass(frozen=True, slots=True)
class CompiledMapping:
    """What one mapping does, as the generated module holds it."""

    name: str
    action: str
    map: Map | None
    """None where the action sends nothing, whatever the event."""
    conflict: ConflictPolicy
    constants: Mapping[str, Any]
    """The control fields that are the same for every event."""
    has_default_id: bool = False
    """Whether the ID by which the destination recognizes what it has seen comes from the defaults."""


class MappingLater:
    """A mapping among many, which is compiled when an event first needs it."""

    def __init__(
        self, name: str, action: str, conflict: ConflictPolicy, compile_mapping: Callable[[], CompiledMapping]
    ) -> None:
        self.name = name
        self.action = action
        self.conflict = conflict
        self._compile = compile_mapping

    @cached_property
    def _compiled(self) -> CompiledMapping:
        return self._compile()

    @property
    def map(self) -> Map | None:
        """The function of the mapping; None if its action never sends anything."""
        return self._compiled.map

    @property
    def constants(self) -> Mapping[str, Any]:
        """The control fields that are the same for every event."""
        return self._compiled.constants

    @property
    def has_default_id(self) -> bool:
        """Whether the ID by which the destination recognizes what it has seen comes from the defaults."""
        return self._compiled.has_default_id


@dataclass(slots=True)
class CompiledViews:
    """The program for views of events: JSON text decoded to what the rules read, and nothing else."""

    view: View
    may_opt_out: Callable[[Any], bool] | None
    """True for each view of an event that opts out, and perhaps for others: the whole event then decides. None if no
    event can opt out."""
    drops: Sequence[Callable[[Any], bool]]
    """The conditions of the filters `drop when`."""
    match: Match
    maps: Sequence[Map | None]
    """The functions of the mappings, by number; empty where each is compiled by itself and maps the whole event."""


@dataclass(slots=True)
class CompiledProgram:
    """A compiled rule file with its includes."""

    destination: str
    settings: Mapping[str, Any]
    filters: Sequence[CompiledFilter]
    mappings: Sequence[CompiledMapping | MappingLater]
    match: Match
    views: Callable[[], CompiledViews] | None
    """Makes what maps JSON text; None where events are read whole, or changed by filters."""
    source_map: SourceMapOf
    files: Container[str] = ()
    """The file names of mappings that are compiled by themselves, besides that of `match`."""
