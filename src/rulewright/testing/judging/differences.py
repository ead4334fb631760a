"""How two JSON values differ: a line for each place where they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ...runtime.semantics.comparison import equal
from ...runtime.semantics.description import shown
from ...runtime.semantics.missing import MISSING


@dataclass(frozen=True, slots=True)
class Difference:
    """A place with its expected and its actual value; MISSING stands for no value."""

    place: str
    expected: Any
    got: Any

    def lines(self) -> Iterator[tuple[str, str]]:
        """Lines of a diff: `-` with the expected value and `+` with the actual one."""
        name = f"{self.place}: " if self.place else ""
        if self.expected is not MISSING:
            yield "-", f"{name}{shown(self.expected)}"
        if self.got is not MISSING:
            yield "+", f"{name}{shown(self.got)}"


def differences(expected: Any, got: Any, place: str = "") -> Iterator[Difference]:
    """Every place at which two JSON values differ; 1 and 1.0 are equal."""
    if isinstance(expected, dict) and isinstance(got, dict):
        for key in [*expected, *(key for key in got if key not in expected)]:
            inside = f"{place}.{key}" if place else str(key)
            yield from differences(expected.get(key, MISSING), got.get(key, MISSING), inside)
    elif isinstance(expected, list) and isinstance(got, list):
        for index in range(max(len(expected), len(got))):
            yield from differences(_item(expected, index), _item(got, index), f"{place}[{index}]")
    elif (expected is MISSING) is not (got is MISSING) or not equal(expected, got):
        yield Difference(place, expected, got)


def _item(items: list[Any], index: int) -> Any:
    return items[index] if index < len(items) else MISSING
