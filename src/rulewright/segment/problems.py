"""What cannot go from Segment's JSON to rules, or back: where it stands, and why."""

from __future__ import annotations

from typing import Any, TypeAlias

Place: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a part of a JSON document."""


class SegmentFormatError(ValueError):
    """JSON that is no Segment mapping or subscription, or that has no form in the rule language."""

    def __init__(self, reason: str, place: Place = ()) -> None:
        self.reason = reason
        self.place = place
        super().__init__(f"{written(place)}: {reason}" if place else reason)


class NoSegmentForm(ValueError):
    """A rule that says what Segment's JSON cannot say."""


def written(place: Place) -> str:
    """`device_id.@if.exists`, `products.@arrayPath[1]`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def kind(value: Any) -> str:
    """The type of a JSON value, in a word."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "an object"
