"""Reads the subscriptions of a Segment destination from the JSON of its API, its presets and Terraform."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..printable import printable
from .mappings.import_mapping import decoded
from .problems import JsonPath, SegmentFormatError, kind, written
from .terraform import Located, settings_of_state, subscriptions_of_state

_LISTS = ("subscriptions", "presets")
_SINGLE = ("subscription", "destinationSubscription")
"""Under which answers of the Public API hold a single subscription."""
_ACTION_KEYS = ("partnerAction", "action", "actionSlug", "action_slug")
_TRIGGER_KEYS = ("subscribe", "trigger")
_MAPPING_KEYS = ("mapping", "settings")


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription: its trigger, its action and its mapping."""

    name: str
    trigger: str
    """Empty where there is none: Segment then sends nothing."""
    action: str
    """Empty where there is none."""
    mapping: dict[str, Any]
    enabled: bool
    place: JsonPath
    problems: tuple[SegmentFormatError, ...] = ()
    """The problems of the fields above, which then hold Segment's interpretation."""


@dataclass(frozen=True, slots=True)
class DestinationExport:
    """The content of a document: subscriptions, and the settings of the destination if it has them."""

    subscriptions: list[Subscription]
    settings: dict[str, Any]
    settings_place: JsonPath = ()


def looks_like_mapping(document: Any) -> bool:
    """Whether a JSON document can be a single mapping: an object with a directive, and without subscriptions."""
    if not isinstance(document, dict) or next(_lists_of(document, ()), None) is not None:
        return False
    return _has_directive(document)


def read_export(document: Any) -> DestinationExport:
    """The subscriptions of a list, or of an object that holds the list under `subscriptions` or `presets`.

    An answer of Segment's Public API holds that object, or one subscription, under `data`, and its settings under
    `data.destination`. Each subscription is `{name, subscribe, partnerAction, mapping, enabled}`, with the names of
    that API and of Terraform taken as well: `trigger`, `action`, `actionSlug`, `action_slug`, `settings`. A state of
    Terraform holds them among its resources. Raises SegmentFormatError where there are no subscriptions.
    """
    if located := subscriptions_of_state(document):
        return _export(located, *settings_of_state(document, located))
    inner, place = _unwrapped(document)
    if isinstance(inner, list):
        values, list_place = inner, place
    elif isinstance(inner, dict) and (key := next((key for key in _LISTS if key in inner), None)) is not None:
        values, list_place = inner[key], (*place, key)
    elif _is_subscription(inner):
        values, list_place = [inner], place
    else:
        raise _none_found(document)
    if not isinstance(values, list):
        raise SegmentFormatError(f"no subscriptions found: expected a list, found {kind(values)}", list_place)
    if not any(map(_is_subscription, values)):
        raise _none_found(document, [_problem_of(value, (*list_place, index)) for index, value in enumerate(values)])
    return _export([(value, (*list_place, index)) for index, value in enumerate(values)], *_settings(inner, place))


def _export(located: list[Located], settings: dict[str, Any], place: JsonPath) -> DestinationExport:
    taken: set[str] = set()
    return DestinationExport([_read(value, at, taken) for value, at in located], settings, place)


def _unwrapped(document: Any) -> tuple[Any, JsonPath]:
    """What an answer of the Public API holds, and where; any other document as it is. Clients put `data` around it."""
    place: JsonPath = ()
    while isinstance(document, dict) and document.keys() == {"data"} and isinstance(document["data"], dict):
        document, place = document["data"], (*place, "data")
    if isinstance(document, dict) and len(document) == 1 and (key := next(iter(document))) in _SINGLE:
        return document[key], (*place, key)
    return document, place


def _is_subscription(value: Any) -> bool:
    """Whether a value is meant as a subscription: it names an action and a trigger, however odd they are."""
    return isinstance(value, dict) and all(any(key in value for key in keys) for keys in (_ACTION_KEYS, _TRIGGER_KEYS))


def _is_surely_subscription(value: Any) -> bool:
    """The same for a value anywhere in a document, where fields of a mapping may have these names as well."""
    return _is_subscription(value) and all(
        any(isinstance(value.get(key), str) for key in keys) for keys in (_ACTION_KEYS, _TRIGGER_KEYS)
    )


def _none_found(document: Any, problems: list[SegmentFormatError] | None = None) -> SegmentFormatError:
    expected = "expected a list, or an object that holds one under `subscriptions`"
    location = next(_lists_of(document, ()), None)
    if location:
        expected = f"{expected}; `{written(location)}` looks like one, but import does not look there"
    return SegmentFormatError(f"no subscriptions found: {expected}", (), tuple(problems or ()))


def _lists_of(value: Any, place: JsonPath) -> Iterator[JsonPath]:
    """Where subscriptions seem to be in a document, at most three objects down."""
    if _is_surely_subscription(value):
        yield place
    elif isinstance(value, dict | list) and len(place) <= 3:
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for step, part in parts:
            yield from _lists_of(part, (*place, step))


def _has_directive(value: Any) -> bool:
    """Whether a directive is anywhere in a value, which may be nested as deep as JSON can be."""
    pending = [value]
    while pending:
        part = pending.pop()
        if isinstance(part, dict):
            if any(key.startswith("@") for key in part):
                return True
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
    return False


def _settings(document: Any, place: JsonPath) -> tuple[dict[str, Any], JsonPath]:
    if isinstance(document, dict):
        destination = document.get("destination")
        for holder, steps in ((document, ()), (destination, ("destination",))):
            if isinstance(holder, dict) and isinstance(holder.get("settings"), dict) and not _is_subscription(holder):
                return holder["settings"], (*place, *steps, "settings")
    return {}, ()


# --- one subscription ------------------------------------------------------------------------------------------------


def _problem_of(value: Any, place: JsonPath) -> SegmentFormatError:
    """Why a value is not a subscription."""
    if not isinstance(value, dict):
        return SegmentFormatError(f"expected a subscription, found {kind(value)}", place)
    missing = next(keys[0] for keys in (_ACTION_KEYS, _TRIGGER_KEYS) if not any(key in value for key in keys))
    return SegmentFormatError(f"a subscription needs `{missing}`", place)


def _read(value: Any, place: JsonPath, taken: set[str]) -> Subscription:
    if not isinstance(value, dict):
        problem = SegmentFormatError(f"expected a subscription, found {kind(value)}", place)
        return Subscription(_unique(written(place), taken), "", "", {}, False, place, (problem,))
    problems: list[SegmentFormatError] = []
    action = _text(value, place, _ACTION_KEYS, problems)
    trigger = _text(value, place, _TRIGGER_KEYS, problems)
    mapping = _mapping(value, place, problems)
    enabled = value.get("enabled", True)
    if not isinstance(enabled, bool):
        reason = f"expected true or false, found {kind(enabled)}; the mapping is switched off"
        problems.append(SegmentFormatError(reason, (*place, "enabled")))
        enabled = False
    name = value.get("name") or action or written(place)
    if not isinstance(name, str):
        problems.append(SegmentFormatError(f"expected text, found {kind(name)}", (*place, "name")))
        name = action or written(place)
    name = printable(name)
    return Subscription(_unique(name, taken), trigger, action, mapping, enabled, place, tuple(problems))


def _text(value: dict[str, Any], place: JsonPath, keys: tuple[str, ...], problems: list[SegmentFormatError]) -> str:
    key = next((key for key in keys if value.get(key) is not None), None)
    if key is None:
        problems.append(SegmentFormatError(f"a subscription needs `{keys[0]}`; Segment sends nothing", place))
        return ""
    text = value[key]
    if isinstance(text, str) and text:
        return text
    kind_found = "an empty text" if text == "" else kind(text)
    problems.append(SegmentFormatError(f"expected text, found {kind_found}; Segment sends nothing", (*place, key)))
    return ""


def _mapping(value: dict[str, Any], place: JsonPath, problems: list[SegmentFormatError]) -> dict[str, Any]:
    """The mapping, also where it is the JSON text of one; anything else is a mapping without fields, as to Segment."""
    key = next((key for key in _MAPPING_KEYS if key in value), None)
    if key is None:
        return {}
    mapping = value[key]
    if isinstance(mapping, str):
        try:
            mapping = decoded(mapping)
        except SegmentFormatError:
            mapping = value[key]
    if isinstance(mapping, dict):
        return mapping
    shown = json.dumps(mapping, ensure_ascii=False) if isinstance(mapping, str) else kind(mapping)
    reason = f"expected an object, found {shown}; Segment takes it as a mapping without fields"
    problems.append(SegmentFormatError(reason, (*place, key)))
    return {}


def _unique(name: str, taken: set[str]) -> str:
    """The name, or the name with a number: a name is unique in a rule file, but not in Segment."""
    unique, count = name, 1
    while unique in taken:
        count += 1
        unique = f"{name} ({count})"
    taken.add(unique)
    return unique
