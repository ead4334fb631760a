"""The mapper: an event in, an outcome out; a mapping that fails stops no other, and no event is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

import msgspec

from .action import Binding, Build
from .compiled import CompiledProgram, Event
from .destinations import DESTINATIONS
from .event_text import read_event
from .field_values import fields_by_path, put
from .filters import drop_paths, keep_paths
from .function import ValueFailure
from .outcome import Failure, Origin, Outcome, Refused, Request
from .view import viewer


class Mapper:
    """Compiled rules, bound to a destination's settings; `mapper(event)` gives the outcome."""

    def __init__(
        self, program: CompiledProgram, *, settings: Mapping[str, Any] | None = None, checks: bool = True
    ) -> None:
        """Raises ValueError for settings that the destination does not take."""
        self.program = program
        destination = DESTINATIONS[program.destination]
        self.settings = destination.settings({**program.settings, **(settings or {})})
        self._match = program.match
        self._view = viewer(program.view) if program.view is not None else None
        self._decode = self._decoder()
        self._mappings: list[tuple[str, Any, Build]] = []
        for mapping in program.mappings:
            action = destination.actions[mapping.action]
            fields = fields_by_path(action)
            constants: dict[str, Any] = {}
            for name, value in mapping.constants.items():
                put(constants, fields[name], value)
            binding = Binding(mapping.name, self.settings, mapping.conflict, checks, constants)
            self._mappings.append((mapping.name, mapping.map, action.bind(binding)))

    @property
    def mappings(self) -> list[str]:
        """The names of the mappings, in the order of the file."""
        return [mapping.name for mapping in self.program.mappings]

    def __call__(self, event: Event) -> Outcome:
        """Requests, failures and matches of one event, which is not changed. Raises TypeError when it is no object."""
        if event.__class__ is not dict:
            raise TypeError(f"an event is an object, and this is of type {type(event).__name__}")
        if self.program.filters:
            filtered = self._filtered(event)
            if filtered is None:
                return Outcome([], [], [], True)
            event = filtered
        numbers = self._match(event)
        if not numbers:
            return Outcome([], [], [])
        return self._mapped(numbers, event if self._view is None else self._view(event))

    def _mapped(self, numbers: Sequence[int], event: Any) -> Outcome:
        """What the mappings of these numbers make of an event or of its view."""
        requests: list[Request] = []
        failures: list[Failure] = []
        matched: list[str] = []
        mappings = self._mappings
        for number in numbers:
            name, map_event, build = mappings[number]
            matched.append(name)
            if map_event is None:
                continue
            try:
                requests += map_event(event, build)
            except Exception as error:
                failures.append(self._failure(name, error))
        return Outcome(requests, failures, matched)

    def map_bytes(self, line: bytes | str) -> Outcome:
        """The outcome of one event given as JSON text, the same as of the event itself.

        Only what the rules read is decoded: a number that no double can hold, or bytes that are no UTF-8, are not
        noticed elsewhere. Raises ValueError when the text is no JSON or no object.
        """
        if self._decode is not None:
            try:
                view = self._decode(line)
            except (msgspec.DecodeError, RecursionError):
                # Something stands where an object should be, which the event as a whole has an answer to.
                return self(read_event(line))
            for step in self.program.filters:
                if step.of_view is not None and step.of_view(view):
                    return Outcome([], [], [], True)
            assert self.program.match_view is not None
            numbers = self.program.match_view(view)
            return self._mapped(numbers, view) if numbers else Outcome([], [], [])
        return self(read_event(line))

    def _decoder(self) -> Callable[[bytes | str], Any] | None:
        """What decodes the view of an event; None where mappings need more than the view, or filters change events."""
        if self.program.view is None or any(step.kind != "drop" for step in self.program.filters):
            return None
        return msgspec.json.Decoder(self.program.view).decode

    def _filtered(self, event: Event) -> Event | None:
        """The event as the mappings see it; None when a filter drops it."""
        for step in self.program.filters:
            if step.condition is not None and not step.condition(event):
                continue
            if step.kind == "drop":
                return None
            event = (drop_paths if step.kind == "strip" else keep_paths)(event, step.paths)
        return event

    def _failure(self, mapping: str, error: Exception) -> Failure:
        origin = self._origin(error.__traceback__)
        if isinstance(error, Refused):
            return Failure(mapping, error.field, error.code, error.message, origin)
        if isinstance(error, ValueFailure):
            return Failure(mapping, _field_of(origin), "no_value", str(error), origin)
        return Failure(mapping, _field_of(origin), "internal", f"{type(error).__name__}: {error}", origin)

    def _origin(self, trace: TracebackType | None) -> Origin | None:
        """The rule text whose code an exception came through."""
        filename = self.program.match.__code__.co_filename
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == filename:
                return self.program.place(trace.tb_lineno)
            trace = trace.tb_next
        return None


def _field_of(origin: Origin | None) -> str | None:
    """The field or key that a value on a line of rules is for, by what stands before the value."""
    if origin is None:
        return None
    before = origin.text[: origin.column - 1].rstrip()
    name = before[:-1].split()[-1:] if before[-1:] in ("=", ":") else []
    return name[0] if name and name[0].isidentifier() else None
