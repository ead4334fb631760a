"""Runs the rules in an editor on recorded events: how many each mapping takes, and the values for one event."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ...explain.as_text import as_text
from ...explain.clauses import deciding
from ...explain.explanation import explain
from ...printable import printable
from ...runtime.counted import counted
from ...runtime.mapping.event_text import read_event
from ...runtime.semantics.description import shown
from ...runtime.semantics.event import Event
from ...trace.traced_event import TracedMapping
from ...trace.traced_rules import TracedRules
from ..workspace import Stale
from .evaluator import Evaluator
from .recorded_events import RecordedEvents
from .survey import Survey

MOST_SURVEYED = 10_000
"""The most recorded events that are mapped to count what each mapping takes."""
STEP_SECONDS = 0.02
"""Seconds of work between two checks of whether anyone still waits for the answer."""

Chosen = int | str
"""An event: its number among the recorded events, from 0, or JSON text."""


@dataclass(frozen=True, slots=True)
class Look:
    """The results for recorded events, and for the chosen one."""

    events: int = 0
    """Recorded events that were mapped."""
    taken: Mapping[str, int] = field(default_factory=dict)
    """How many of them each mapping takes."""
    failed: Mapping[str, int] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)
    """What each mapping does with the chosen event, on one line."""
    values: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    """By mapping and field: the text of the rules, and the value on the chosen event."""


@dataclass(frozen=True, slots=True)
class EventRun:
    """The result of one event."""

    event: str
    """Its name for a person: `event 3`."""
    text: str
    command: str
    """The command line that says the same."""


class EventRuns:
    """Runs rules on events repeatedly while they are written, one run at a time."""

    def __init__(self, events: Sequence[bytes], events_name: str) -> None:
        self.events = RecordedEvents(events[:MOST_SURVEYED])
        self._events_name = events_name
        self._evaluators: dict[Path, Evaluator] = {}

    def look(self, path: Path, texts: Mapping[Path, str], chosen: Chosen | None, is_stale: Callable[[], bool]) -> Look:
        """Run the rules on all recorded events. Raises Stale if nobody waits, RuleError and SettingsRefused."""
        rules = self._rules(path, texts)
        survey = Survey(rules, self.events)
        while not survey.is_done:
            survey.advance(STEP_SECONDS)
            if is_stale():
                raise Stale
        counts = survey.counts()["mappings"]
        sentences, values = ({}, {}) if chosen is None else _of_event(rules, self.event(chosen))
        return Look(
            len(self.events),
            {name: count["taken"] for name, count in counts.items()},
            {name: count["failed"] for name, count in counts.items()},
            sentences,
            values,
        )

    def run(self, path: Path, texts: Mapping[Path, str], chosen: Chosen) -> EventRun:
        """What the rules make of an event, as `rulewright explain` says it.

        Raises ValueError or IndexError if the choice is not an event, RuleError and SettingsRefused.
        """
        event = self.event(chosen)
        text = "\n".join(as_text(explain(self._rules(path, texts), event), lambda text, style: text))
        numbered = isinstance(chosen, int)
        options = [self._events_name, "--line", str(int(chosen) + 1)] if numbered else ["-"]
        command = shlex.join(["rulewright", "explain", str(path), *options])
        return EventRun(f"event {int(chosen) + 1:,}" if numbered else "this event", printable_lines(text), command)

    def event(self, chosen: Chosen) -> Event:
        """An event that was chosen. Raises ValueError and IndexError."""
        return self.events.event(chosen) if isinstance(chosen, int) else read_event(chosen)

    def next_taken(self, path: Path, texts: Mapping[Path, str], name: str, after: int) -> int | None:
        """The number of the next recorded event that a mapping takes; after the last, the first. None without one."""
        rules = self._rules(path, texts)
        count = len(self.events)
        for number in ((after + 1 + step) % count for step in range(count)):
            try:
                if name in rules.mapper.map_bytes(self.events.lines[number]).matched:
                    return number
            except ValueError:
                continue
        return None

    def _rules(self, path: Path, texts: Mapping[Path, str]) -> TracedRules:
        return self._evaluators.setdefault(path, Evaluator(path)).rules(texts)


def printable_lines(text: str) -> str:
    """A text of several lines without a character that moves the cursor of a terminal."""
    return "\n".join(map(printable, text.split("\n")))


def _of_event(rules: TracedRules, event: Event) -> tuple[dict[str, str], dict[tuple[str, str], tuple[str, str]]]:
    outcome = rules.mapper(event)
    failures = {failure.mapping: f"{failure.field or 'the event'}: {failure.message}" for failure in outcome.failures}
    sentences: dict[str, str] = {}
    values: dict[tuple[str, str], tuple[str, str]] = {}
    traced = rules.tracer(event)
    for mapping in traced.mappings:
        name = mapping.mapping.name
        sentences[name] = printable(_sentence(mapping, traced.seen, failures.get(name)))
        for traced_field in mapping.fields if mapping.matched else ():
            if rules.is_own(traced_field.field.value.span):
                text = f"refused: {traced_field.failed}" if traced_field.failed else shown(traced_field.value)
                values[name, traced_field.field.facts.name] = traced_field.field.value.span.text, printable(text)
    return sentences, values


def _sentence(mapping: TracedMapping, event: Event, failure: str | None) -> str:
    if not mapping.matched:
        return f"✘ {deciding(mapping.trigger, event)}"
    return f"✘ takes it and fails: {failure}" if failure else "✔ takes it"


def taken_text(look: Look, name: str) -> str:
    """How many recorded events a mapping takes, for the end of its first line."""
    failed = look.failed.get(name, 0)
    fails = f", {failed:,} fail" if failed else ""
    return f"{look.taken.get(name, 0):,} of {counted(look.events, 'event')}{fails}"
