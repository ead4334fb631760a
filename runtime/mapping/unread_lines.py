"""Lines that are not events, and events that are not of Segment, counted by their reasons."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from ..counted import counted
from ..semantics.event import Event, is_event_type
from ..unrecognized import UnrecognizedEvents, unrecognized
from .event_text import read_event

NOT_AN_EVENT = "not_an_event"
"""The code of a line that is not an event."""
_PLACE = re.compile(r" \((?:byte|character) \d+\)")


def not_an_event(problem: ValueError) -> str:
    """The sentence for a line that is not an event."""
    return f"the line is not an event: {problem}"


def reason_of(sentence: str) -> str:
    """The reason in a sentence, without the place in the line, so that it is the same for the same fault."""
    return _PLACE.sub("", sentence)


class UnreadLines:
    """The lines of an input that are not events, and among its events, those that are not of Segment."""

    def __init__(self) -> None:
        self._reasons: Counter[str] = Counter()
        self._unrecognized = UnrecognizedEvents()

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
                if not is_event_type(event.get("type")) and (instead := unrecognized(event)) is not None:
                    self._unrecognized.add(instead)
                yield number, event

    def add(self, problem: ValueError) -> None:
        """Counts a line, by the error of `read_event`."""
        self._reasons[reason_of(str(problem))] += 1

    def __len__(self) -> int:
        return self._reasons.total()

    def reasons(self) -> dict[str, int]:
        """The number of lines by reason, the most frequent first."""
        return dict(sorted(self._reasons.items(), key=lambda entry: (-entry[1], entry[0])))

    def sentences(self) -> Iterator[str]:
        """A sentence for each reason, and for each kind of object that is in place of an event of Segment."""
        for reason, count in self.reasons().items():
            yield f"{counted(count, 'line')} {'is not an event' if count == 1 else 'are not events'}: {reason}"
        yield from self._unrecognized.sentences()
