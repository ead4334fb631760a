"""Counts what happened to events, by their type and name and by the mappings that took them, for a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from ..printable import printable
from ..runtime.mapping.event_text import read_event
from ..runtime.outcome import Outcome

MOST_NAMES = 1_000
"""The most names of events that are kept apart; events may bring any number of them."""
MOST_SAMPLES = 10
"""The most numbers of lines that are kept of each result."""
OTHER_NAMES = "(other names)"
NO_EVENT = "(not an event)"
NO_MAPPING = "(no mapping)"
FILTER = "(filter)"


class OutcomeStep(NamedTuple):
    """One step of an event: its type and name, the mapping that took it, and the result."""

    event: str
    mapping: str
    kind: str
    """`sent`, `repaired`, `failed`, `dropped` or `unmatched`."""
    result: str
    """The kind in words; of a failure the field and its code."""


@dataclass(slots=True)
class Count:
    """The number of events with the same steps, and the numbers of the first of them."""

    events: int = 0
    lines: list[int] = field(default_factory=list)

    def add(self, line: int) -> None:
        self.events += 1
        if len(self.lines) < MOST_SAMPLES:
            self.lines.append(line)


@dataclass(slots=True)
class Results:
    """Counts of all events by their steps; an event counts once for each mapping that takes it."""

    events: int = 0
    counts: dict[OutcomeStep, Count] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def add(self, line: int, text: bytes, outcome: Outcome | ValueError) -> None:
        """Counts the event of a line, by its outcome, or by a ValueError if the line is not an event."""
        self.events += 1
        if isinstance(outcome, ValueError):
            self._count(OutcomeStep(NO_EVENT, NO_MAPPING, "failed", f"not an event: {printable(str(outcome))}"), line)
            return
        label = self._kept(_label(text))
        for mapping, kind, result in _results(outcome):
            self._count(OutcomeStep(label, printable(mapping), kind, printable(result)), line)

    def merge(self, later: Results) -> None:
        """Adds the results of later lines."""
        self.events += later.events
        for step, count in later.counts.items():
            label = step.event if step.event == NO_EVENT else self._kept(step.event)
            known = self.counts.setdefault(step._replace(event=label), Count())
            known.events += count.events
            known.lines += count.lines[: MOST_SAMPLES - len(known.lines)]

    def _count(self, step: OutcomeStep, line: int) -> None:
        self.counts.setdefault(step, Count()).add(line)

    def _kept(self, label: str) -> str:
        if label not in self.names:
            if len(self.names) >= MOST_NAMES:
                return OTHER_NAMES
            self.names.add(label)
        return label


def _label(text: bytes) -> str:
    """`track "Order Completed"`, `page "Home"`, `identify`: as far as the event says so."""
    try:
        # A mapper does not notice what is wrong in the parts that its rules do not read.
        event = read_event(text.decode("utf-8", "replace"))
    except ValueError:
        event = {}
    kind = event.get("type")
    name = event.get("event") if kind == "track" else event.get("name") if kind in ("page", "screen") else None
    shown = kind if isinstance(kind, str) and kind else "(no type)"
    return printable(f'{shown} "{name}"' if isinstance(name, str) and name else shown)


def _results(outcome: Outcome) -> Iterator[tuple[str, str, str]]:
    """The mappings of an event, each with the kind and the text of its result."""
    if outcome.dropped:
        reason = "dropped by a filter" if outcome.opted_out is None else f"opted out: {outcome.opted_out}"
        yield FILTER, "dropped", reason
        return
    failed = {failure.mapping for failure in outcome.failures}
    for failure in outcome.failures:
        yield failure.mapping, "failed", f"failed: {f'{failure.field}: ' if failure.field else ''}{failure.code}"
    repaired = {repair.mapping for repair in outcome.warnings}
    sending = {request.mapping for request in outcome.requests}
    for mapping in outcome.matched:
        if mapping in failed:
            continue
        if mapping not in sending:
            yield mapping, "dropped", "no request"
        elif mapping in repaired:
            yield mapping, "repaired", "a request, with repairs"
        else:
            yield mapping, "sent", "a request"
    if not (outcome.matched or outcome.failures):
        yield NO_MAPPING, "unmatched", "taken by no mapping"
