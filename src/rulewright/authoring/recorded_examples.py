"""Short values that recorded events have at each path, the most frequent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..runtime.mapping.unread_lines import UnreadLines

ExampleValue = str | int | float | bool
MOST_EVENTS = 5_000
MOST_PATHS = 2_000
MOST_VALUES = 200
"""Different values that are counted of a path; what comes later is not an example."""
MOST_LEVELS = 8
LONGEST = 60
"""The most characters of a text; a longer one is no example."""


@dataclass(frozen=True, slots=True)
class RecordedExamples:
    """The values by path; those inside lists are left out."""

    counts: dict[tuple[str, ...], Counter[ExampleValue]] = field(default_factory=dict)

    @classmethod
    def of(cls, lines: Iterable[bytes]) -> RecordedExamples:
        """Those of the first `MOST_EVENTS` events; a line that is not an event is passed over."""
        examples = cls()
        for number, (_, event) in enumerate(UnreadLines().events(lines)):
            if number == MOST_EVENTS:
                break
            for path, value in _scalars(event, (), MOST_LEVELS):
                if len(examples.counts) < MOST_PATHS or path in examples.counts:
                    counted = examples.counts.setdefault(path, Counter())
                    if value in counted or len(counted) < MOST_VALUES:
                        counted[value] += 1
        return examples

    def most_common(self, path: tuple[str, ...], count: int) -> list[ExampleValue]:
        """The values of a path that come most often."""
        return [value for value, _ in self.counts.get(path, Counter()).most_common(count)]


def _scalars(value: Any, path: tuple[str, ...], levels: int) -> Iterator[tuple[tuple[str, ...], ExampleValue]]:
    if isinstance(value, dict):
        for key, inner in value.items() if levels else ():
            yield from _scalars(inner, (*path, key), levels - 1)
    elif isinstance(value, bool | int | float) or (isinstance(value, str) and len(value) <= LONGEST):
        yield path, value
