"""The results of all recorded events: which mapping takes each, and how it ends; computed in parts."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from ...runtime.outcome import Outcome
from ...trace.traced_rules import TracedRules
from .recorded_events import EventHead, RecordedEvents

End = Literal["sent", "failed", "dropped", "nothing", "unread"]
_BATCH = 20
"""Events between two looks at the clock."""


class SurveyFate(NamedTuple):
    """What became of an event."""

    end: End
    """`failed` where a mapping failed, whatever others sent."""
    matched: tuple[str, ...] = ()
    failures: tuple[tuple[str, str], ...] = ()
    """Of each mapping that failed, its name and the reason."""


@dataclass
class Survey:
    """The fates of the events so far."""

    rules: TracedRules
    events: RecordedEvents
    fates: list[SurveyFate] = field(default_factory=list)
    _known: dict[SurveyFate, SurveyFate] = field(default_factory=dict)
    _counts: Counter[tuple[str, SurveyFate]] = field(default_factory=Counter)
    """Events by where the flow has them start, and by fate: so that counts cost the same for any number of events."""

    @property
    def is_done(self) -> bool:
        """Whether every event was mapped."""
        return len(self.fates) == len(self.events)

    def advance(self, seconds: float) -> None:
        """Maps more events, for about this many seconds."""
        until = time.perf_counter() + seconds
        while not self.is_done and time.perf_counter() < until:
            for line in self.events.lines[len(self.fates) : len(self.fates) + _BATCH]:
                fate = self._fate(line)
                fate = self._known.setdefault(fate, fate)
                self._counts[_start(self.events.heads[len(self.fates)]), fate] += 1
                self.fates.append(fate)

    def _fate(self, line: bytes) -> SurveyFate:
        try:
            outcome = self.rules.mapper.map_bytes(line)
        except ValueError:
            return SurveyFate("unread")
        failures = tuple((failure.mapping, _reason(failure.field, failure.code)) for failure in outcome.failures)
        return SurveyFate(_end(outcome), tuple(outcome.matched), failures)

    def counts(self) -> dict[str, Any]:
        """How many events each mapping took and failed for, and how the events ended."""
        taken: Counter[str] = Counter()
        failed: Counter[str] = Counter()
        ends: Counter[str] = Counter()
        for (_, fate), count in self._counts.items():
            ends[fate.end] += count
            taken.update(dict.fromkeys(fate.matched, count))
            failed.update(dict.fromkeys((name for name, _ in fate.failures), count))
        names = [mapping.name for mapping in self.rules.program.mappings]
        return {
            "done": len(self.fates),
            "of": len(self.events),
            "mappings": {name: {"taken": taken[name], "failed": failed[name]} for name in names},
            "ends": dict(ends),
        }

    def flow(self) -> dict[str, Any]:
        """Events by type and name, through mappings and actions, to their ends: links between neighboring columns."""
        actions = {mapping.name: mapping.action.name for mapping in self.rules.program.mappings}
        links: Counter[tuple[int, str, str]] = Counter()
        for (start, fate), count in self._counts.items():
            for way in _ways(fate, actions):
                steps = (start, *way)
                for number in range(3):
                    links[number, steps[number], steps[number + 1]] += count
        return {"links": [[*link, count] for link, count in links.items()]}


def _start(head: EventHead) -> str:
    named = head.name and head.type == "track"
    return f"{head.type}: {head.name}" if named else head.type or "(no type)"


def _ways(fate: SurveyFate, actions: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """Mapping, action and end of each mapping that took an event; of an event that none took, one way."""
    reasons = dict(fate.failures)
    for name in fate.matched:
        yield name, actions[name], f"failed: {reasons[name]}" if name in reasons else "sent"
    if not fate.matched:
        yield {
            "dropped": ("(filter)", "(none)", "dropped"),
            "nothing": ("(no mapping)", "(none)", "taken by nothing"),
            "failed": ("(filter)", "(none)", "failed"),
        }.get(fate.end, ("(not read)", "(none)", "not an event"))


def _end(outcome: Outcome) -> End:
    if outcome.dropped:
        return "dropped"
    if outcome.failures:
        return "failed"
    return "sent" if outcome.requests else "nothing"


def _reason(name: str | None, code: str) -> str:
    return code if name is None else f"{name} ({code})"
