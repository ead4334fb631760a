"""Traces an event through filters, triggers and fields, as the compiled mapper does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from ..compiler import ir
from ..compiler.catalog import FieldSchema
from ..compiler.plan.route_totals import route_totals
from ..runtime.action import Binding, Build, ConflictPolicy
from ..runtime.destinations import DESTINATIONS
from ..runtime.fields.field import Field
from ..runtime.fields.put import put
from ..runtime.mapping.distinct_ids import with_distinct_ids
from ..runtime.mapping.filters import drop_paths, keep_paths
from ..runtime.outcome import Refused
from ..runtime.semantics.event import Event
from ..runtime.semantics.failure import ValueFailure
from ..runtime.semantics.missing import MISSING
from .evaluation import Traced, trace
from .filter_paths import paths_found
from .traced_event import TracedEvent, TracedField, TracedFilter, TracedMapping


class Tracer:
    """The rules, ready to be traced; `tracer(event)` gives the result of the event and the reasons."""

    def __init__(self, rules: ir.Program, *, settings: Mapping[str, Any] | None = None) -> None:
        """Raises ValueError for settings that the destination does not take."""
        assert rules.destination is not None
        self.rules = route_totals(rules)
        self._destination = DESTINATIONS[rules.destination.name]
        self._settings = self._destination.settings({**dict(rules.settings), **(settings or {})})
        self._opt_outs = self._destination.opt_outs(self._settings)

    def __call__(self, event: Event, *, only: str | None = None) -> TracedEvent:
        """The event with all that was read and made of it; it is not changed. With `only`, by one mapping alone."""
        whole = TracedEvent(event, event, [], [])
        whole.opted_out = None if self._opt_outs is None else self._opt_outs.reason(event)
        if whole.opted_out is not None:
            return whole
        for step in self.rules.filters:
            traced = self._filter(step, whole)
            whole.filters.append(traced)
            if traced.applies and step.kind == "drop":
                traced.changes = True
                whole.dropped_by = traced
                return whole
            if traced.applies:
                before = whole.seen
                whole.filter_steps += paths_found(step, before)
                whole.seen = (drop_paths if step.kind == "strip" else keep_paths)(before, step.paths)
                traced.changes = whole.seen != before
        wanted = [mapping for mapping in self.rules.mappings if mapping.enabled and only in (None, mapping.name)]
        whole.mappings = [self.mapping(mapping, whole.seen) for mapping in wanted]
        recognized = [traced for traced in whole.mappings if traced.matched and self._is_recognized(traced.mapping)]
        for traced_mapping in recognized[1:]:
            traced_mapping.is_further = True
        return whole

    def _is_recognized(self, mapping: ir.Mapping) -> bool:
        action = self._destination.actions[mapping.action.name]
        return action.sends != "nothing" and self._destination.recognizes_by(action) is not None

    def _filter(self, step: ir.Filter, whole: TracedEvent) -> TracedFilter:
        if step.condition is None:
            return TracedFilter(step, None, True)
        condition = trace(step.condition, whole.seen, in_trigger=True, steps=whole.filter_steps)
        return TracedFilter(step, condition, bool(condition.value))

    def mapping(self, mapping: ir.Mapping, event: Event) -> TracedMapping:
        """The trace of one mapping, for an event that has passed the filters."""
        steps: list[Traced] = []
        traced = TracedMapping(mapping, trace(mapping.trigger, event, in_trigger=True, steps=steps), steps=steps)
        if traced.matched:
            for field in mapping.fields:
                traced_field = _field(field, event, steps)
                traced.fields.append(traced_field)
                if traced_field.failed:
                    break
                if traced_field.value is not MISSING and field.facts.name not in mapping.action.unused:
                    target = traced.parameters if field.facts.role == "control" else traced.payload
                    target[field.facts.name] = traced_field.value
        return traced

    def build(self, mapping: ir.Mapping, *, checks: bool = False, is_further: bool = False) -> Build:
        """A function from the payload and all control fields of a mapping to its requests."""
        action = self._destination.actions[mapping.action.name]
        build = action.bind(Binding(mapping.name, self._settings, cast("ConflictPolicy", mapping.conflict), checks))
        field = self._destination.recognizes_by(action) if is_further else None
        return with_distinct_ids(build, mapping.name, field) if field and mapping.has_default(field) else build


def _field(field: ir.FieldValue, event: Event, steps: list[Traced]) -> TracedField:
    traced: Traced | None = None
    try:
        traced = trace(known_part(field.facts, field.value), event, steps=steps)
        held: dict[str, Any] = {}
        put(held, cast("Field", field.facts), traced.value)
    except ValueFailure as failure:
        return TracedField(field, traced, failed=str(failure))
    except Refused as refused:
        return TracedField(field, traced, failed=refused.message)
    return TracedField(field, traced, held.get(field.facts.name, MISSING))


def known_part(facts: FieldSchema, value: ir.Value) -> ir.Value:
    """The value without the keys that a closed object cannot have."""
    inner = {field.name: field for field in facts.fields}
    if not inner:
        return value
    if isinstance(value, ir.ForEach) and facts.multiple and isinstance(value.item, ir.MakeObject):
        return replace(value, item=_known_entries(facts, inner, value.item))
    if isinstance(value, ir.MakeObject) and not facts.multiple:
        return _known_entries(facts, inner, value)
    return value


def _known_entries(facts: FieldSchema, inner: Mapping[str, FieldSchema], value: ir.MakeObject) -> ir.MakeObject:
    entries = tuple(
        (key, known_part(inner[key], entry) if key in inner else entry)
        for key, entry in value.entries
        if key in inner or facts.open
    )
    return replace(value, entries=entries)
