"""Lines that are not events, counted by their reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ..counted import counted
from ..semantics.event import Event
from .event_text import read_event

NOT_AN_EVENT = "not_an_event"
"""The code of a line that is not an event."""
_PLACE = re.compile(r" \((?:byte|character) \d+\)")


def not_an_event(problem: ValueError) -> str:
    """The sentence for a line that is not an event."""
    return f"the line is not an event: {problem}"


def reason_of(sentence: str) -> str:
    """The same for every line with the same fault, wherever in the line it is."""
    return _PLACE.sub("", sentence)


class UnreadLines:
    """The lines of some events that are not events."""

    def __init__(self) -> None:
        self._reasons: Counter[str] = Counter()

    def events(self, lines: Iterable[bytes]) -> Iterator[tuple[int, Event]]:
        """The events of lines, with the numbers of their lines; others are counted, and blank ones skipped."""
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                event = read_event(line)
            except ValueError as error:
                self.add(error)
            else:
                yield number, event

    def add(self, problem: ValueError) -> None:
        """Counts a line, by what `read_event` raised."""
        self._reasons[reason_of(str(problem))] += 1

    def __len__(self) -> int:
        return self._reasons.total()

    def reasons(self) -> dict[str, int]:
        """How many lines there are for each reason, the most frequent first."""
        return dict(sorted(self._reasons.items(), key=lambda entry: (-entry[1], entry[0])))

    def sentences(self) -> Iterator[str]:
        """A sentence for each reason."""
        for reason, count in self.reasons().items():
            yield f"{counted(count, 'line')} {'is not an event' if count == 1 else 'are not events'}: {reason}"
