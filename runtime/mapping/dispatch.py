"""Dispatch: for each combination of mappings that take an event, their names and the steps that make requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..action import Build
from .compiled import Map

_MOST_ENTRIES = 1000


class MappingStep(NamedTuple):
    """What a mapping does with one form of an event."""

    name: str
    map: Map | None
    build: Build
    build_distinct: Build
    """For an event that a mapping before it sent for, so that the destination recognizes what that sent."""
    is_recognized: bool
    """Whether the destination recognizes what the mapping sends."""


class DispatchTable(dict[tuple[int, ...], tuple[list[str], list[tuple[str, Map, Build]]]]):
    """By the numbers of the mappings that take an event: their names, and the steps of those that send requests.

    Many events have the same numbers, so the entry of each combination is made once.
    """

    def __init__(self, step: Callable[[int], MappingStep]) -> None:
        super().__init__()
        self._step = step

    def __missing__(self, numbers: tuple[int, ...]) -> tuple[list[str], list[tuple[str, Map, Build]]]:
        taken = [self._step(number) for number in numbers]
        steps: list[tuple[str, Map, Build]] = []
        is_first = True
        for step in taken:
            if step.map is not None:
                steps.append((step.name, step.map, step.build if is_first else step.build_distinct))
                is_first = is_first and not step.is_recognized
        if len(self) >= _MOST_ENTRIES:
            self.clear()
        self[numbers] = entry = [step.name for step in taken], steps
        return entry
