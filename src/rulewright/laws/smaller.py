"""Makes an event smaller while it still breaks a law: removes parts, simplifies values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

from ..runtime.semantics.event import Event

T = TypeVar("T")
MOST_TRIES = 2_000
_SIMPLE: dict[type, tuple[Any, ...]] = {str: ("a",), int: (0, 1), float: (0, 1, 0.5), bool: (False,)}
_KEPT = ("type", "event", "timestamp", "messageId")
"""Parts of an event whose values are only taken out, never changed."""
_IDS = ("userId", "anonymousId")
_FIRST = ("type", "event", *_IDS, "messageId", "timestamp")
"""The parts that an author writes first."""


def smallest(event: Event, still: Callable[[Event], bool]) -> Event:
    """The event with parts removed and values simplified as long as `still` holds, in at most `MOST_TRIES` tries.

    The same event and test always give the same result.
    """
    event = reduced(event, _smaller, still, MOST_TRIES)
    return {key: event[key] for key in (*_FIRST, *event) if key in event}


def reduced(value: T, smaller: Callable[[T], Iterable[T]], still: Callable[[T], bool], most_tries: int) -> T:
    """The value made smaller, step by step, by the first candidate for which `still` holds.

    It is done after `most_tries` candidates.
    """
    tries = 0
    changed = True
    while changed:
        changed = False
        for candidate in smaller(value):
            tries += 1
            if tries > most_tries:
                break
            if still(candidate):
                value, changed = candidate, True
                break
    return value


def _smaller(event: Event) -> Iterator[Event]:
    """Events that are a little smaller, those that lose most first."""
    for key in event:
        is_last_id = key in _IDS and not any(id_key in event for id_key in _IDS if id_key != key)
        is_name = key == "event" and event.get("type") == "track"
        if key != "type" and not is_last_id and not is_name:
            yield {name: value for name, value in event.items() if name != key}
    for key, value in event.items():
        if key not in _KEPT and key not in _IDS:
            yield from ({**event, key: smaller} for smaller in _smaller_values(value))


def _smaller_values(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        if len(value) > 1:
            yield {}
        for key in value:
            yield {name: part for name, part in value.items() if name != key}
        for key, part in value.items():
            yield from ({**value, key: smaller} for smaller in _smaller_values(part))
    elif isinstance(value, list):
        if len(value) > 1:
            yield []
        for number in range(len(value)):
            yield value[:number] + value[number + 1 :]
        for number, part in enumerate(value):
            yield from ([*value[:number], smaller, *value[number + 1 :]] for smaller in _smaller_values(part))
    elif len(repr(value)) > 1:
        simple = _SIMPLE.get(type(value), ())
        if type(value) is int:
            simple = (*simple, value // 10, value // 2)
        yield from (candidate for candidate in simple if len(repr(candidate)) < len(repr(value)))
