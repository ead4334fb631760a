"""Finds recorded events by text, type, mapping and result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .recorded_events import RecordedEvents
from .survey import Survey, SurveyFate

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """The criteria of a choice; an empty text is no criterion."""

    text: str = ""
    start: str = ""
    """`track: Order Completed`, as the flow names where events start."""
    mapping: str = ""
    end: str = ""

    @property
    def needs_fates(self) -> bool:
        """Whether it asks for the results of events."""
        return bool(self.mapping or self.end)


def chosen(events: RecordedEvents, survey: Survey | None, choice: Choice, offset: int) -> dict[str, Any]:
    """The matching events from an offset on, as rows, at most `MOST_SHOWN`; and the number of all matches."""
    fates = [] if survey is None else survey.fates
    sought = choice.text.lower().encode("utf-8", "replace")
    numbers = [
        number
        for number in range(len(fates) if choice.needs_fates else len(events))
        if _fits(events, number, choice)
        and (not choice.needs_fates or _ended(fates[number], choice))
        and (not sought or events.is_found(number, sought))
    ]
    shown = numbers[offset : offset + MOST_SHOWN]
    return {
        "count": len(numbers),
        "rows": [_row(events, number, fates[number] if number < len(fates) else None) for number in shown],
    }


def _fits(events: RecordedEvents, number: int, choice: Choice) -> bool:
    if not choice.start:
        return True
    head = events.heads[number]
    return choice.start in (head.type or "(no type)", f"{head.type}: {head.name}")


def _ended(fate: SurveyFate, choice: Choice) -> bool:
    if choice.mapping and choice.mapping not in fate.matched:
        return False
    if choice.mapping and choice.end == "failed":
        return any(name == choice.mapping for name, _ in fate.failures)
    return choice.end in ("", fate.end)


def _row(events: RecordedEvents, number: int, fate: SurveyFate | None) -> dict[str, Any]:
    head = events.heads[number]
    return {
        "number": number,
        "type": head.type,
        "name": head.name,
        "user": head.user,
        "end": None if fate is None else fate.end,
        "matched": [] if fate is None else list(fate.matched),
    }
