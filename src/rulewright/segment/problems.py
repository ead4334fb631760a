"""Problems of a conversion from or to Segment's JSON: where each is, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from ..printable import printable
from ..runtime.semantics.description import json_type

JsonPath: TypeAlias = tuple[str | int, ...]
"""The keys and indexes that lead to a part of a JSON document."""


class SegmentFormatError(ValueError):
    """JSON that is not a Segment mapping or subscription; `others` are further problems of the same document."""

    def __init__(self, reason: str, place: JsonPath = (), others: tuple[SegmentFormatError, ...] = ()) -> None:
        self.reason = reason
        self.place = place
        self.others = others
        own = printable(f"{written(place)}: {reason}" if place else reason)
        super().__init__("\n".join([own, *map(str, others)]))


class NoRuleForm(SegmentFormatError):
    """JSON that Segment accepts and the rule language cannot express."""


def raise_problems(problems: Sequence[SegmentFormatError]) -> None:
    """Raises the first problem, with the others in it, if there is any."""
    if problems:
        first, *others = problems
        raise type(first)(first.reason, first.place, tuple(others))


class NoSegmentForm(ValueError):
    """A rule that Segment's JSON cannot express."""


def written(place: JsonPath) -> str:
    """A place in JSON as text, such as `device_id.@if.exists` or `products.@arrayPath[1]`."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def kind(value: Any) -> str:
    """The type of a JSON value, in a word."""
    return "text" if isinstance(value, str) else json_type(value)
