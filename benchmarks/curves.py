"""How the time of an event grows: with rules, with fields, and with the size of the event."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import rulewright
from benchmarks.generated_rules import triggers
from benchmarks.workers import ROOT

PRESETS = ROOT / "rules" / "amplitude" / "presets.rules"
Curve = dict[str, float]


def best_of(rounds: int, run: Callable[[], Any]) -> float:
    """Seconds of the fastest of several runs: what the machine adds by chance is only ever more."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - started)
    return best


def rules(sizes: tuple[int, ...], events: list[dict[str, Any]], not_indexable: int) -> Curve:
    """Microseconds to say which of so many rules take an event."""
    microseconds = {}
    for size in sizes:
        match = rulewright.load(triggers(size, not_indexable=not_indexable), settings={}).program.match
        probes = [{**event, "event": f"Event {number % size}"} for number, event in enumerate(events)]
        seconds = best_of(5, lambda match=match, probes=probes: [match(event) for event in probes])  # type: ignore[misc]
        microseconds[f"{size:,}"] = seconds / len(events) * 1e6
    return microseconds


def fields(events: list[dict[str, Any]]) -> Curve:
    """Microseconds for an event by the number of fields in the mapping that takes it."""
    microseconds = {}
    for count in (5, 10, 20, 40, 80):
        properties = ", ".join(f"p{at}: properties.p{at}" for at in range(count))
        text = (
            'destination amplitude\nmapping "M" -> logEvent {\n  when type = "track"\n  user_id = userId\n'
            f"  event_type = event\n  event_properties = {{ {properties} }}\n}}\n"
        )
        mapper = rulewright.load(text, settings={}, checks=False)
        tracks = [event for event in events if event["type"] == "track"]
        seconds = best_of(5, lambda mapper=mapper, tracks=tracks: [mapper(event) for event in tracks])  # type: ignore[misc]
        microseconds[str(count)] = seconds / len(tracks) * 1e6
    return microseconds


def properties(events: list[dict[str, Any]]) -> Curve:
    """Microseconds for an event by the number of its properties, as shipped."""
    mapper = rulewright.load(PRESETS, settings={"apiKey": "KEY"})
    tracks = [event for event in events if event["type"] == "track"][:500]
    microseconds = {}
    for count in (10, 40, 160, 640):
        more = {f"property_{at}": f"value {at}" for at in range(count)}
        wide = [{**event, "properties": more} for event in tracks]
        seconds = best_of(5, lambda wide=wide: [mapper(event) for event in wide])  # type: ignore[misc]
        microseconds[str(count)] = seconds / len(wide) * 1e6
    return microseconds
