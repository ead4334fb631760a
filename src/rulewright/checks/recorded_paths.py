"""Findings from recorded events: paths that they never have, mappings that take none of them, failures."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..compiler import ir
from ..compiler.analysis.findings.filter_paths import nearest_pattern
from ..dsl.ast import EveryItem, FilterStep, KeyPattern
from ..dsl.diagnostics.diagnostic import Diagnostic, suggest
from ..dsl.source import NOWHERE, Span
from ..runtime.mapper import Mapper
from ..runtime.mapping.filters import drop_paths
from ..runtime.mapping.unread_lines import UnreadLines
from ..runtime.outcome import Failure
from ..runtime.repairs import Repair
from ..runtime.semantics.glob import matches
from ..runtime.semantics.missing import MISSING
from ..runtime.semantics.property_access import read
from .analysis_context import PartOfType, parts_beyond_spec, run
from .recorded_evidence import RecordedEvidence
from .recorded_values import RecordedValues

MOST_KEYS = 1_000
"""The most keys that are kept of the place where a path ends, to find the one that was meant."""


@dataclass(slots=True)
class WatchedPath:
    """A path that no event has carried so far."""

    steps: tuple[FilterStep, ...]
    span: Span
    near: dict[int, set[str]] = field(default_factory=dict)
    """The keys that events have in place of a step, by its number."""

    def carried_by(self, event: dict[str, Any]) -> bool:
        """Whether the path leads to a value in the event, which may be null."""
        return self._leads_on(event, 0)

    def _leads_on(self, value: Any, first: int) -> bool:
        for number in range(first, len(self.steps)):
            step = self.steps[number]
            if isinstance(step, EveryItem):
                items = value if isinstance(value, list) else [value]
                return any(self._leads_on(item, number + 1) for item in items)
            if isinstance(step, KeyPattern):
                if not isinstance(value, dict):
                    return False
                inner = [item for key, item in value.items() if matches(step.glob, key)]
                if not inner:
                    self._note(number, value)
                return any(self._leads_on(item, number + 1) for item in inner)
            if isinstance(value, dict):
                key = str(step)
                if key not in value:
                    self._note(number, value)
                    return False
                value = value[key]
            else:
                # A path stops at null, false, 0 and empty text, which is not what its author looks for there.
                value = read(value, (step,)) if isinstance(value, list) or value else MISSING
                if value is MISSING:
                    return False
        return True

    def _note(self, number: int, value: dict[str, Any]) -> None:
        keys = self.near.setdefault(number, set())
        if len(keys) < MOST_KEYS:
            keys.update(value)


class FilteredPath(WatchedPath):
    """A path of `drop` or `keep`, which goes through lists as the filter does."""

    def carried_by(self, event: dict[str, Any]) -> bool:
        """Whether the filter finds something at the path."""
        # The walk notes keys that are close to the path; the filter decides.
        self._leads_on(event, 0)
        return drop_paths(event, [self.steps]) != event


@dataclass(slots=True)
class _Reader:
    """A filter or a trigger, which read every event, or a mapping's fields, which read those that it takes."""

    paths: list[WatchedPath]
    events: int = 0

    def read(self, event: dict[str, Any]) -> None:
        self.events += 1
        if self.paths:
            self.paths = [path for path in self.paths if not path.carried_by(event)]


@dataclass(slots=True)
class _Outcomes:
    """How often a value of each field of each mapping was refused, or repaired, and why the first time."""

    code: str
    sentence: str
    """With `{owner}` for the mapping, and `{events}` for how many of them."""
    counts: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    first: dict[tuple[str, str, str], str] = field(default_factory=dict)

    def add(self, outcomes: Iterable[Failure | Repair]) -> None:
        for outcome in outcomes:
            key = (outcome.mapping, _without_indexes(outcome.field or ""), outcome.code)
            self.counts[key] += 1
            self.first.setdefault(key, outcome.message)

    def findings(self, mapping: ir.Mapping, taken: int, name: str) -> Iterator[Diagnostic]:
        """The findings on a mapping: for each field and each kind of failure or repair."""
        for (owner, path, code), count in self.counts.items():
            if owner == mapping.name:
                events = f"{count:,} of the {taken:,} events in `{name}` that it takes"
                reason = f"{f'`{path}` ' if path else ''}{self.first[owner, path, code]}"
                message = f"{self.sentence.format(owner=owner, events=events)}: {reason}"
                yield Diagnostic(self.code, message, _place_of(mapping, path))


def _without_indexes(path: str) -> str:
    return re.sub(r"\[\d+\]", "[]", path)


def _place_of(mapping: ir.Mapping, path: str) -> Span:
    """The assignment of a field; for one that the author does not assign, the head of the mapping."""
    name = path.partition(".")[0].partition("[")[0]
    for assigned in mapping.fields:
        if assigned.facts.name == name and assigned.span.source is mapping.span.source:
            return assigned.span
    return mapping.span.within(0, len(mapping.span.text.partition("{")[0].rstrip()))


RECORDED_CODES = frozenset({"RW0213", "RW0409", "RW0415", "RW0507", "RW0509"})
"""What only recorded events can show."""


def recorded_findings(
    checked: ir.Program,
    lines: Iterable[bytes],
    name: str,
    mapper: Mapper | None = None,
    unread: UnreadLines | None = None,
    parts: set[PartOfType] | None = None,
    evidence: RecordedEvidence | None = None,
) -> Iterator[Diagnostic]:
    """RW0213, RW0409, RW0415, RW0507 and RW0509, from JSON lines of events, which messages call `name`.

    A line that is not an event is left out, and counted in `unread`. With a mapper of the program, each event is also
    mapped. Parts of events beyond the Segment spec are added to `parts`, and values to `evidence`.

    A path of a trigger or a filter is sought in every event, a path of a field in the events that its mapping takes.
    Only paths that the author wrote count: the defaults of an action read paths that only some sources have.
    """
    everywhere = _Reader([path for filter_ in checked.filters for path in _watched_by(filter_)])
    drops = [
        run(filter_.condition)
        for filter_ in checked.filters
        if filter_.kind == "drop" and filter_.condition is not None
    ]
    opt_outs = None if checked.destination is None else checked.destination.opt_outs(checked.settings)
    mappings = [mapping for mapping in checked.mappings if mapping.enabled]
    readers: list[_Reader] = []
    for mapping in mappings:
        everywhere.paths += _watched(mapping.trigger)
        written = [field for field in mapping.fields if field.span.source is mapping.span.source]
        readers.append(_Reader([path for field in written for path in _watched(field.value)]))
    triggers = [run(mapping.trigger) for mapping in mappings]
    failures = _Outcomes("RW0507", '"{owner}" fails for {events}')
    repairs = _Outcomes("RW0509", '"{owner}" repairs a value of {events}')
    values = RecordedValues.of(checked)
    for _, event in (UnreadLines() if unread is None else unread).events(lines):
        everywhere.read(event)
        values.add(event)
        if parts is not None:
            parts.update(parts_beyond_spec(event))
        if evidence is not None:
            evidence.add(event)
        if mapper is not None:
            outcome = mapper(event)
            failures.add(outcome.failures)
            repairs.add(outcome.warnings)
        if (opt_outs is None or opt_outs.reason(event) is None) and not any(drop(event) for drop in drops):
            for reader, holds in zip(readers, triggers, strict=True):
                if holds(event):
                    reader.read(event)
    if everywhere.events:
        yield from values.findings(name, everywhere.events)
        if evidence is not None:
            yield from evidence.findings(name)
        yield from _findings(everywhere, f"none of the events in `{name}` ({everywhere.events:,})")
        for reader, mapping in zip(readers, mappings, strict=True):
            yield from _findings_of_mapping(reader, mapping, everywhere.events, name)
            yield from failures.findings(mapping, reader.events, name)
            yield from repairs.findings(mapping, reader.events, name)
    elif mappings:
        # The wrong file, most likely: silence would say that all is well.
        yield Diagnostic(
            "RW0409", f"no line of `{name}` is an event, so no mapping takes any", mappings[0].trigger.span
        )


def _watched_by(filter_: ir.Filter) -> list[WatchedPath]:
    """The paths that a filter reads, takes out or keeps."""
    return [*_watched(filter_.condition), *map(FilteredPath, filter_.paths, filter_.places)]


def _watched(value: ir.Value | None) -> list[WatchedPath]:
    """The paths that a value reads, each once, from the event or from the items of a list in it."""
    roots: dict[int, tuple[FilterStep, ...] | None] = {ir.EVENT: ()}
    watched: dict[tuple[FilterStep, ...], WatchedPath] = {}
    for node in ir.walk(value):
        if isinstance(node, ir.ForEach):
            iterable = _steps(node.iterable, roots)
            roots[node.variable] = None if iterable is None else (*iterable, EveryItem())
        elif isinstance(node, ir.Read) and node.steps and node.span is not NOWHERE:
            steps = _steps(node, roots)
            if steps is not None:
                watched.setdefault(steps, WatchedPath(steps, node.span))
    return list(watched.values())


def _steps(value: ir.Value, roots: dict[int, tuple[FilterStep, ...] | None]) -> tuple[FilterStep, ...] | None:
    if not isinstance(value, ir.Read):
        return None
    root = roots.get(value.root)
    return None if root is None else (*root, *value.steps)


def _findings_of_mapping(reader: _Reader, mapping: ir.Mapping, events: int, name: str) -> Iterator[Diagnostic]:
    if reader.events:
        yield from _findings(
            reader, f'no event that "{mapping.name}" takes ({reader.events:,} of {events:,} in `{name}`)'
        )
    else:
        message = f'"{mapping.name}" takes none of the events in `{name}` ({events:,})'
        yield Diagnostic("RW0409", message, mapping.trigger.span)


def _findings(reader: _Reader, where: str) -> Iterator[Diagnostic]:
    for path in reader.paths:
        deepest = max(path.near, default=0)
        step, keys = path.steps[deepest], sorted(path.near.get(deepest, ()))
        word = nearest_pattern(step, keys) if isinstance(step, KeyPattern) else suggest(str(step), keys)
        yield Diagnostic(
            "RW0213",
            f"`{path.span.text}` is in {where}",
            path.span,
            help=(f"did you mean `{word}`?",) if word else (),
        )
