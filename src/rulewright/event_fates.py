"""The fate of an accepted event, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from .runtime.counted import counted
from .runtime.delivery.store.fates import Fate

_RESULTS = {
    "mapped": "mapped by rules of version {rules}",
    "unmatched": "no mapping of version {rules} takes it",
    "dropped": "dropped by a filter of version {rules}",
    "opted_out": "it opted out of the destination",
    "failed": "no request could be made of it by rules of version {rules}",
}


def as_data(fate: Fate) -> dict[str, object]:
    """The fate as plain data, for programs."""
    return {
        **fate._asdict(),
        "received_at": _time(fate.received_at),
        "requests": [{"mapping": mapping, "action": action} for mapping, action in fate.requests],
        "parts": [part._asdict() for part in fate.parts],
    }


def as_lines(fate: Fate) -> Iterator[str]:
    """The fate as lines of text: the first is the event, the others are what happened to it."""
    yield f"{fate.id}: accepted from {fate.source} at {_time(fate.received_at)}"
    if fate.repeats:
        yield f"  it came again {counted(fate.repeats, 'time')}, and was left out"
    yield f"  {_RESULTS[fate.result].format(rules=fate.rules)}"
    for mapping, action in fate.requests:
        yield f"  {mapping} -> {action}"
    for part in fate.parts:
        state = f"dead: {part.code}: {part.reason}" if part.state == "dead" else part.state
        suffix = "" if part.mapping is None else f" ({part.mapping})"
        yield f"  {part.number}: {state}{suffix}"


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds")
