"""The mapper: takes an event and returns its outcome; if one mapping fails, the others still run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, cached_property
from operator import attrgetter
from threading import Lock
from types import TracebackType
from typing import Any, NamedTuple

import msgspec

from .action import Binding
from .destinations import DESTINATIONS
from .expressions import require_event
from .mapping.compiled import CompiledProgram, Map, Match
from .mapping.copy_table import field_of_line, is_copying
from .mapping.dispatch import DispatchTable, MappingStep
from .mapping.distinct_ids import with_distinct_ids
from .mapping.event_text import read_event, require_text
from .mapping.filters import drop_paths, keep_paths
from .mapping.view import has_key, key_of
from .opt_outs import holds_false
from .outcome import Failure, Origin, Outcome, Refused, Request
from .repairs import LATEST, Repair, take_repairs
from .semantics.event import Event, is_event_type
from .semantics.failure import ValueFailure
from .semantics.json_values import json_value
from .semantics.plain import is_json
from .unrecognized import Unrecognized, unrecognized

_ONE_AT_A_TIME = Lock()
"""msgspec crashes where two threads prepare one class, and `cached_property` has no lock since Python 3.12."""


def _plain(event: Event) -> Event:
    """The event in Python's own classes, so that no method of another class answers in place of the values."""
    return event if is_json(event) else json_value(event)


class _Converted(dict[str, Any]):
    """An event whose Python values are converted where possible; others are refused where a rule reads them."""


class _ByView(NamedTuple):
    """What decodes a line to its view, and then drops, matches and maps it."""

    decode: Callable[[bytes | str], Any]
    may_opt_out: Callable[[Any], bool] | None
    drops: Sequence[Callable[[Any], bool]]
    match: Match
    dispatch: DispatchTable | None
    """None where the mappings take only whole events: the event is read whole once a mapping takes it."""
    kind: Callable[[Any], Any]
    """Returns the event's type; None where the rules do not read it."""


def _unread(view: object) -> None:
    """The type of an event whose view does not hold the type: None."""


def _is_dropped(view: Any, drops: Sequence[Callable[[Any], bool]]) -> bool:
    """Whether a filter drops the event of a view. A function, so that `map_bytes` needs no cell for its view."""
    return any(holds(view) for holds in drops)


def _unrecognized_text(line: bytes | str) -> Unrecognized | None:
    """Says what a text is that is not an event, after only its view was read; None if it is nested too deep."""
    # Invalid UTF-8 was not noticed outside of the view, so it is not here.
    text = line if isinstance(line, str) else bytes(line).decode("utf-8", "replace")
    try:
        return unrecognized(read_event(text))
    except ValueError:
        return None


class Mapper:
    """Compiled rules, bound to the settings of a destination; `mapper(event)` returns an Outcome."""

    def __init__(
        self, program: CompiledProgram, *, settings: Mapping[str, Any] | None = None, checks: bool = True
    ) -> None:
        """Bind a compiled program: `PROGRAM` of a compiled module, or what `load` compiles.

        `settings` by Segment's keys override those of the rules; the environment gives those that neither names.
        `checks=False` leaves out the destination's limits. Raises TypeError for arguments of another type, and
        ValueError for settings that the destination refuses.
        """
        if not isinstance(program, CompiledProgram):
            raise TypeError(f"expected the PROGRAM of a compiled module, found {type(program).__name__}")
        if not isinstance(settings, Mapping | None):
            raise TypeError(f"expected settings as a mapping of names to values, found {type(settings).__name__}")
        if not isinstance(checks, bool):
            raise TypeError(f"expected checks as True or False, found {type(checks).__name__}")
        self.program = program
        destination = DESTINATIONS[program.destination]
        self.settings = destination.settings({**program.settings, **(settings or {})})
        self._checks = checks
        self._opt_outs = destination.opt_outs(self.settings)
        self._needs_consent = self._opt_outs is not None and bool(self._opt_outs.categories)
        self._match = program.match
        self._filters = program.filters
        self._file = program.match.__code__.co_filename
        """The file name that lines of the compiled module have in a traceback."""
        self._actions = [destination.actions[mapping.action] for mapping in program.mappings]
        self._builds = [
            action.bind(Binding(mapping.name, self.settings, mapping.conflict, checks))
            for mapping, action in zip(program.mappings, self._actions, strict=True)
        ]
        field_of = cache(lambda action: destination.recognizes_by(destination.actions[action]))
        self._ids = [field_of(mapping.action) for mapping in program.mappings]
        """The field by which the destination recognizes what each mapping sends."""
        self._dispatch = DispatchTable(self._step)

    def _step(self, number: int) -> MappingStep:
        """What a mapping does with an event, by its number; in large rules it is compiled now, if it was not before."""
        return self._step_by(number, self.program.mappings[number].map)

    def _step_by(self, number: int, map_event: Map | None) -> MappingStep:
        mapping, build, field = self.program.mappings[number], self._builds[number], self._ids[number]
        build_distinct = build
        if field is not None and mapping.has_default_id:
            build_distinct = with_distinct_ids(build, mapping.name, field)
        return MappingStep(mapping.name, map_event, build, build_distinct, field is not None)

    def prepare(self) -> None:
        """Do work that would delay the first events: compile the mappings of large rules, and decode a JSON text."""
        for number in range(len(self.program.mappings)):
            self._step(number)
        self.map_bytes(b"{}")

    @property
    def mappings(self) -> list[str]:
        """The names of all mappings, in the order of the file."""
        return [mapping.name for mapping in self.program.mappings]

    def opted_out(self, event: Event) -> str | None:
        """Why an event, a dict, opts out of the destination, such as `integrations.All is false`.

        None if it does not opt out, or if the settings ignore opt-outs.
        """
        return None if self._opt_outs is None else self._opt_outs.reason(_plain(event))

    def taken_by(self, event: Event) -> tuple[int, ...]:
        """The numbers of the mappings that take an event, from 0, in the order of the file.

        Empty if the event opts out, a filter drops it, or a filter or a trigger fails on it.
        """
        try:
            seen = self._filtered(event) if self.opted_out(event) is None else None
            return () if seen is None else self._match(seen)
        except Exception:
            return ()  # mapping it says why

    def __call__(self, event: Event) -> Outcome:
        """Map an event, a dict that is not changed, and return its Outcome.

        Python values that JSON does not have are converted first, by `json_value`; with `checks=False`, only once a
        mapping fails. Raises TypeError if the event is not a dict; the content of an event never raises.
        """
        if type(event) is not dict:
            require_event(event)
        if self._checks and not is_json(event):
            event = json_value(event)
        # Nearly no event has `false` in there, which is asked sooner than which key has it.
        if self._opt_outs is not None and (self._needs_consent or holds_false(event, "integrations")):
            reason = self.opted_out(event)
            if reason is not None:
                return Outcome([], [], [], True, opted_out=reason)
        seen: Event | None = event
        try:
            if self._filters:
                seen = self._filtered(event)
                if seen is None:
                    return Outcome([], [], [], True)
            names, steps = self._dispatch[self._match(seen)]
        except Exception as error:
            return self._failed(event, self._unmatched(error))
        if not names:
            known = is_event_type(dict.get(event, "type"))
            return Outcome([], [], [], unrecognized=None if known else unrecognized(_plain(event)))
        requests: list[Request] | None = None
        failures: list[Failure] = []
        warnings: list[Repair] = []
        latest = LATEST.note
        for name, map_event, build in steps:
            try:
                made = map_event(seen, build)
            except Exception as error:
                failures.append(self._failure(name, error))
                take_repairs(name, latest.number)
            else:
                requests = made if requests is None else requests + made
                if LATEST.note is not latest:
                    warnings += take_repairs(name, latest.number)
        outcome = Outcome(requests or [], failures, names.copy(), False, warnings)
        return self._failed(event, outcome) if failures else outcome

    def _failed(self, event: Event, outcome: Outcome) -> Outcome:
        """The outcome of an event with a failure: that of its JSON values, where Python values were not converted."""
        if self._checks or event.__class__ is _Converted or is_json(event):
            return outcome
        return self(_Converted(json_value(event)))

    def map_bytes(self, line: bytes | str) -> Outcome:
        """Map an event given as JSON text (`str`, or UTF-8 `bytes`), with the same Outcome as for the decoded event.

        Only the parts that the rules read are decoded; invalid UTF-8 elsewhere is not noticed. Raises ValueError if the
        text is not a JSON object, and TypeError if the argument is not text.
        """
        by_view = self._by_view
        if by_view is None:
            return self(read_event(line, keep_halves=self._checks))
        decode, may_opt_out, drops, match, dispatch, kind = by_view
        try:
            view = decode(line)
        except (msgspec.DecodeError, RecursionError):
            # A value is of another kind than the view expects; the event as a whole has an answer to that.
            return self(read_event(line, keep_halves=self._checks))
        except TypeError:
            require_text(line)
            raise
        if may_opt_out is not None and may_opt_out(view):
            return self(read_event(line, keep_halves=self._checks))
        try:
            if drops and _is_dropped(view, drops):
                return Outcome([], [], [], True)
            numbers = match(view)
        except Exception as error:
            return self._unmatched(error)
        if not numbers:
            known = is_event_type(kind(view))
            return Outcome([], [], [], unrecognized=None if known else _unrecognized_text(line))
        if dispatch is None:
            return self(read_event(line, keep_halves=self._checks))
        names, steps = dispatch[numbers]
        # The same as of an event, written out again because a call would cost a thirtieth of the whole.
        requests: list[Request] | None = None
        failures: list[Failure] = []
        warnings: list[Repair] = []
        latest = LATEST.note
        for name, map_view, build in steps:
            try:
                made = map_view(view, build)
            except Exception as error:
                failures.append(self._failure(name, error))
                take_repairs(name, latest.number)
            else:
                requests = made if requests is None else requests + made
                if LATEST.note is not latest:
                    warnings += take_repairs(name, latest.number)
        return Outcome(requests or [], failures, names.copy(), False, warnings)

    @cached_property
    def _by_view(self) -> _ByView | None:
        """None where there are no views, or where a view does not hold what an opt-out depends on."""
        if self.program.views is None or self._needs_consent:
            return None
        with _ONE_AT_A_TIME:
            views = self.program.views()
            decode = msgspec.json.Decoder(views.view).decode
        may_opt_out = None if self._opt_outs is None else views.may_opt_out
        maps = views.maps
        dispatch = DispatchTable(lambda number: self._step_by(number, maps[number]))
        kind = attrgetter(key_of(views.view, "type")[0]) if has_key(views.view, "type") else _unread
        return _ByView(decode, may_opt_out, views.drops, views.match, dispatch if maps else None, kind)

    def _filtered(self, event: Event) -> Event | None:
        """The event as the mappings see it; None when a filter drops it."""
        for step in self._filters:
            if step.condition is not None and not step.condition(event):
                continue
            if step.kind == "drop":
                return None
            event = (drop_paths if step.kind == "strip" else keep_paths)(event, step.paths)
        return event

    def _unmatched(self, error: Exception) -> Outcome:
        """The outcome of an event for which a filter or a trigger raised, so that no mapping is known to take it."""
        return Outcome([], [self._failure("", error)], [])

    def _failure(self, mapping: str, error: Exception) -> Failure:
        origin, field = self._source(mapping, error.__traceback__)
        if isinstance(error, Refused):
            field = error.field
        for index in error.__dict__.get("items", ()):
            field = field and field.replace("[]", f"[{index}]", 1)
        if isinstance(error, Refused):
            return Failure(mapping, field, error.code, error.message, self._origin_of_field(mapping, field) or origin)
        if isinstance(error, ValueFailure):
            return Failure(mapping, field, "no_value", str(error), origin)
        return Failure(mapping, field, "internal", f"{type(error).__name__}: {error}", origin)

    def _source(self, mapping: str, trace: TracebackType | None) -> tuple[Origin | None, str | None]:
        """The rule text and the field of an exception, found by its last line of generated code."""
        place: tuple[Origin | None, str | None] = None, None
        while trace is not None:
            frame = trace.tb_frame
            file = frame.f_code.co_filename
            if file == self._file or file in self.program.files:
                source_map = self.program.source_map()
                if source_map is not None:
                    place = source_map.of_line(trace.tb_lineno, file)
            elif is_copying(frame):
                field = field_of_line(frame, trace.tb_lineno)
                place = self._origin_of_field(mapping, field or "") or self._origin_of_field(mapping, ""), field
            trace = trace.tb_next
        return place

    def _origin_of_field(self, mapping: str, field: str | None) -> Origin | None:
        """The place in the rules of a refused value, which the action refuses long after the line that stored it."""
        source_map = self.program.source_map()
        if field is None or source_map is None or mapping not in self.mappings:
            return None
        number = self.mappings.index(mapping)
        return source_map.of_field(number, field, self._actions[number])
