"""Hypothesis strategies for events: made from parts, or from known events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from ..runtime.semantics.event import Event
from .event_parts import ITEM, EventPart, EventParts, PartSteps

_MASK = 20
"""Keys that one number decides about."""
_MOST_ITEMS = 2
_USUAL = {"messageId": "m-1f0e7a", "timestamp": "2026-05-01T09:00:00.000Z"}
_IDS: dict[str, Any] = {"userId": "u-12345", "anonymousId": "a-507f191e"}
_COMMON = ("type", "event", *_IDS, *_USUAL)
_OWN = {"group": "groupId", "alias": "previousId"}
"""The part that events of a type always have."""
_ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 10**15, 1e300, -0.5, "", " ", "0", "null", "anonymous", "2026-05-01", "9" * 30,
    "x" * 1_025, "😀" * 600, [], {}, [[1, [2]]], [{"a": 1}, None, "b"], {"a": {"b": [1, {"c": None}]}},
    {"$set": {"plan": "pro"}}, {"$add": {"plan": "x"}, "b": 1}, {"$unknown": 1}, ["x" * 2_000],
)  # fmt: skip
"""Values that are not usual anywhere."""


@st.composite
def events(draw: st.DrawFn, parts: EventParts, known: Sequence[Event], wanted: Sequence[PartSteps] = ()) -> Event:
    """Events that the spec and the plan allow, many of them similar to a known event.

    Most have values at the wanted paths.
    """
    event: Event = draw(_likely(parts, known))
    for steps in wanted:
        if draw(st.integers(0, 3)):
            event = _with_value(draw, event, parts.of_event(event.get("event")), steps)
    return event


@st.composite
def _likely(draw: st.DrawFn, parts: EventParts, known: Sequence[Event]) -> Event:
    origin = draw(st.sampled_from(("made", "known", "known and made", "changed"))) if known else "made"
    if origin == "made":
        return _made(draw, parts)
    base = draw(st.sampled_from(known))
    if origin == "known":
        return base
    if origin == "changed":
        return usual(_changed(draw, base, parts.of_event(base.get("event"))))
    merged: Event = _over(_made(draw, parts, base.get("type"), base.get("event")), base)
    return merged


@st.composite
def odd_events(draw: st.DrawFn, parts: EventParts, known: Sequence[Event]) -> Event:
    """Events as `events` makes them, with values of any kind at the paths that the rules read."""
    event = draw(events(parts, known))
    part = parts.of_event(event.get("event"))
    for _ in range(draw(st.integers(0, 3))):
        event = _with_odd(draw, event, part)
    return event


def usual(event: Event) -> Event:
    """The event with the keys that every event has."""
    whole = {"type": "track", **event}
    if whole["type"] == "track":
        whole.setdefault("event", "Something Happened")
    if not any(event.get(key) for key in _IDS):
        # A rule may ask for events without a user, and their device is then known.
        key = "anonymousId" if "userId" in event else "userId"
        whole[key] = _IDS[key]
    return {**whole, **{key: value for key, value in _USUAL.items() if key not in event}}


def _made(draw: st.DrawFn, parts: EventParts, type_: Any = None, name: Any = None) -> Event:
    type_ = type_ if isinstance(type_, str) else draw(st.sampled_from(parts.types))
    event: Event = {"type": type_}
    if type_ == "track":
        names = parts.of_event(None).keys.get("event", EventPart(("Something Happened",))).pool
        event["event"] = name if isinstance(name, str) else draw(st.sampled_from(names))
    for key in draw(st.sampled_from((("userId",), ("anonymousId",), ("userId", "anonymousId")))):
        event[key] = _IDS[key]
    root = parts.of_event(event.get("event"))
    keys = [key for key in root.keys if key not in event and key not in _IDS and parts.comes_with(type_, key)]
    own = _OWN.get(type_)
    for key in dict.fromkeys([*_subset(draw, keys), *([own] if own in root.keys else [])]):
        event[key] = _value(draw, root.keys[key])
    return {**event, **{key: value for key, value in _USUAL.items() if key not in event}}


def _subset(draw: st.DrawFn, names: Sequence[str]) -> list[str]:
    chosen: list[str] = []
    for start in range(0, len(names), _MASK):
        chunk = names[start : start + _MASK]
        mask = draw(st.integers(0, 2 ** len(chunk) - 1))
        chosen += [name for number, name in enumerate(chunk) if mask >> number & 1]
    return chosen


def _value(draw: st.DrawFn, part: EventPart) -> Any:
    if part.keys and part.item is None:
        return {key: _value(draw, part.keys[key]) for key in _subset(draw, list(part.keys))}
    if part.item is not None:
        item = EventPart(keys=part.keys, pool=part.item.pool) if part.keys and not part.item.keys else part.item
        return [_value(draw, item) for _ in range(draw(st.integers(0, _MOST_ITEMS)))]
    return draw(st.sampled_from(part.pool)) if part.pool else {}


def _over(below: Any, above: Any) -> Any:
    """One value over another: objects together, of all else the upper one."""
    if isinstance(below, dict) and isinstance(above, dict):
        return {**below, **{key: _over(below.get(key), value) for key, value in above.items()}}
    return above


def _changed(draw: st.DrawFn, value: Event, part: EventPart) -> Event:
    """The value with one of its parts changed or taken out; seldom one that every event has."""
    own = [key for key in value if key not in _COMMON]
    key = draw(st.sampled_from(own if own and draw(st.integers(0, 9)) > 0 else list(value)))
    inside, below = value[key], part.keys.get(key)
    if isinstance(inside, dict) and inside and below is not None:
        return {**value, key: _changed(draw, inside, below)}
    if below is None or draw(st.integers(0, 3)) == 0:
        return {name: inner for name, inner in value.items() if name != key}
    return {**value, key: _value(draw, below)}


def _with_value(draw: st.DrawFn, value: Any, part: EventPart | None, steps: PartSteps) -> Any:
    """The value with another one at a path, where an event can have one there."""
    if part is None:
        return value
    if not steps:
        return _value(draw, part)
    step, *rest = steps
    if step == ITEM:
        items = value if isinstance(value, list) and value else [{}]
        return [_with_value(draw, item, part.item, tuple(rest)) for item in items]
    if step not in part.keys:
        return value
    inside = value if isinstance(value, dict) else {}
    return {**inside, step: _with_value(draw, inside.get(step), part.keys[step], tuple(rest))}


def _with_odd(draw: st.DrawFn, event: Event, part: EventPart) -> Event:
    if not part.keys:
        return event
    key = draw(st.sampled_from(list(part.keys)))
    below = part.keys[key]
    inside = event.get(key)
    if below.keys and draw(st.integers(0, 3)) > 0:
        return {**event, key: _with_odd(draw, inside if isinstance(inside, dict) else {}, below)}
    return {**event, key: draw(st.sampled_from(_ODD))}
