"""The subscriptions of a Segment destination, from the shapes in which people have them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .problems import Place, SegmentFormatError, kind

_LISTS = ("subscriptions", "presets")
_ACTION_KEYS = ("partnerAction", "action", "actionSlug")
_TRIGGER_KEYS = ("subscribe", "trigger")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription: which events it takes, and what its action gets."""

    name: str
    trigger: str
    action: str
    mapping: dict[str, Any]
    enabled: bool
    place: Place


def holds_subscriptions(document: Any) -> bool:
    """Whether a JSON document looks like subscriptions, and not like a single mapping."""
    document, _ = _unwrapped(document)
    if isinstance(document, dict):
        return any(isinstance(document.get(key), list) for key in _LISTS) or _is_subscription(document)
    return isinstance(document, list) and any(map(_is_subscription, document))


def _unwrapped(document: Any) -> tuple[Any, Place]:
    """What an answer of the Public API holds, and where; any other document as it is."""
    if isinstance(document, dict) and document.keys() == {"data"} and isinstance(document["data"], dict):
        return document["data"], ("data",)
    return document, ()


def _is_subscription(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    return all(any(isinstance(value.get(key), str) for key in keys) for keys in (_ACTION_KEYS, _TRIGGER_KEYS))


def read_subscriptions(document: Any) -> list[Subscription]:
    """The subscriptions of a list, or of an object that holds the list under `subscriptions` or `presets`.

    An answer of Segment's Public API holds that object under `data`. Each is `{name, subscribe, partnerAction, mapping,
    enabled}`, with the names of that API taken as well: `trigger`, `action`, `actionSlug`, `settings`. Raises
    SegmentFormatError.
    """
    document, place = _unwrapped(document)
    if isinstance(document, dict):
        for key in _LISTS:
            if key in document:
                document, place = document[key], (*place, key)
                break
        else:
            document = [document]
    if not isinstance(document, list):
        raise SegmentFormatError(f"subscriptions are a list, and this is {kind(document)}", place)
    taken: set[str] = set()
    return [_read(each, (*place, index), taken) for index, each in enumerate(document)]


def _read(value: Any, place: Place, taken: set[str]) -> Subscription:
    if not isinstance(value, dict):
        raise SegmentFormatError(f"a subscription is an object, and this is {kind(value)}", place)
    action = _text(value, place, *_ACTION_KEYS)
    trigger = _text(value, place, *_TRIGGER_KEYS)
    mapping = value.get("mapping", value.get("settings", {}))
    if not isinstance(mapping, dict):
        raise SegmentFormatError(f"a mapping is an object, and this is {kind(mapping)}", (*place, "mapping"))
    enabled = value.get("enabled", True)
    if not isinstance(enabled, bool):
        raise SegmentFormatError(f"`enabled` is true or false, and this is {kind(enabled)}", (*place, "enabled"))
    name = value.get("name") or action
    if not isinstance(name, str):
        raise SegmentFormatError(f"a name is text, and this is {kind(name)}", (*place, "name"))
    return Subscription(_unique(name, taken), trigger, action, mapping, enabled, place)


def _text(value: dict[str, Any], place: Place, *keys: str) -> str:
    for key in keys:
        found = value.get(key)
        if isinstance(found, str) and found:
            return found
        if found is not None:
            what = "empty" if found == "" else kind(found)
            raise SegmentFormatError(f"this must be text, and is {what}", (*place, key))
    raise SegmentFormatError(f"a subscription needs `{keys[0]}`", place)


def _unique(name: str, taken: set[str]) -> str:
    """The name, or the name with a number: names stand once in a rule file, and any number of times in Segment."""
    unique, count = name, 1
    while unique in taken:
        count += 1
        unique = f"{name} ({count})"
    taken.add(unique)
    return unique
