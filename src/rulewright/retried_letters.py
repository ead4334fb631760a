"""Sentences on dead letters that were mapped again."""

from __future__ import annotations

from collections.abc import Iterator

from .printable import printable
from .runtime.counted import counted
from .runtime.delivery.remap import RemapChange, Remapping

MOST_SHOWN = 20
_RESULTS = {
    "pending": "pending",
    "failed": "still dead",
    "unmatched": "left: no mapping takes the event",
    "dropped": "left: a filter drops the event",
    "opted_out": "left: the event opts out of the destination",
    "no_mapping": "left: the rules have no mapping of this name",
    "incomplete": "left: only the beginning of the line was kept",
}
"""The result of mapping a dead letter again."""


def counted_changes(done: Remapping) -> Iterator[tuple[int, str]]:
    """How many letters went which way; the most frequent ways come first."""
    for change, count in done.changes.most_common(MOST_SHOWN):
        yield count, printable(_sentence(change))
    if len(done.changes) > MOST_SHOWN:
        rest = sum(count for _, count in done.changes.most_common()[MOST_SHOWN:])
        yield rest, f"of {counted(len(done.changes) - MOST_SHOWN, 'more kind')}"


def pending_now(done: Remapping) -> str:
    """What `send` has to do now."""
    if not done.parts:
        return "nothing is pending that was not before"
    return f"{counted(done.parts, 'part')} pending now; `rulewright send` tries them"


def _sentence(change: RemapChange) -> str:
    """The result of a dead letter, and the letter."""
    mapping = "" if change.mapping is None else f'"{change.mapping}" '
    result = _RESULTS[change.result]
    if change.now is not None:
        result += f" ({change.now})"
    return f"{result}; was {mapping}{change.code}: {change.reason}"
