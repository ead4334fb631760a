"""Makes values fit what Amplitude takes: by the least change, noted as a repair, or by a refusal; settings choose.

Only what `is_plain` does not pass is looked at here. Nothing of the event is changed: a value with a repair in it is a
new one. Why each repair is what it is: docs/decisions/0012-what-a-repair-changes.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from math import isfinite
from typing import Any

from ...encoding import json_bytes
from ...outcome import Refused
from ...repairs import note_repair
from ...semantics.description import shown
from ...semantics.event import JsonObject
from ...semantics.failure import ValueFailure
from ...semantics.javascript import as_double, whole_text
from ...semantics.json_values import described, json_value
from .limits import DEEPEST, LONGEST_STRING, inside
from .operation_names import has_operations
from .settings import AmplitudeSettings

_IDS = frozenset(("user_id", "device_id", "insert_id", "global_user_id", "group_type", "group_value"))
"""Fields that say who or what is meant: cut, two of them could become one."""
_PROPERTIES = ("user_properties", "group_properties")
"""Fields that may hold operations."""


def fitted(items: list[JsonObject], settings: AmplitudeSettings) -> list[JsonObject]:
    """The items of one body (events or form calls), with every value within Amplitude's limits.

    Repairs are noted by path: `city` for the first item, `events[2].city` for a later one. Raises Refused for values
    that the settings do not let it repair.
    """
    look = _Look(settings)
    items = json_value(items)
    return [look.item(item, f"events[{index}]." if index else "") for index, item in enumerate(items)]


class _Look:
    """Examines all values of a body."""

    def __init__(self, settings: AmplitudeSettings) -> None:
        self._cuts = settings.longStrings == "truncate"
        self._writes_lists = settings.nestedLists == "repair"
        self._writes_objects = settings.deepObjects == "repair"
        self._drops_numbers = settings.nonFiniteNumbers == "repair"

    def item(self, item: JsonObject, prefix: str) -> JsonObject:
        changed = {name: self._field(name, value, prefix + name) for name, value in item.items()}
        return changed if _differs(changed, item) else item

    def _field(self, name: str, value: Any, path: str) -> Any:
        if name in _IDS and value.__class__ is str and len(value) > LONGEST_STRING:
            raise _long_id(value, path)
        if name == "groups" and value.__class__ is dict:
            for group, values in value.items():
                for identifier in values if values.__class__ is list else [values]:
                    if identifier.__class__ is str and len(identifier) > LONGEST_STRING:
                        raise _long_id(identifier, inside(path, group))
        # An operation wraps properties, and is not one more object of theirs.
        if name in _PROPERTIES and value.__class__ is dict and has_operations(value):
            return self._members(value, path, 0)
        return self._at(value, path, 1)

    def _at(self, value: Any, path: str, depth: int) -> Any:
        """The value that is sent; an object here is the `depth`th, counted from the field."""
        if value.__class__ is str:
            return self._string(value, path)
        if value.__class__ is dict:
            return self._members(value, path, depth) if depth <= DEEPEST else self._deep(value, path)
        if value.__class__ is list:
            sent = [self._in_list(item, f"{path}[{index}]", depth) for index, item in enumerate(value)]
            return (
                sent if any(fitted_item is not item for fitted_item, item in zip(sent, value, strict=True)) else value
            )
        if value is None or value.__class__ is bool:
            return value
        if value.__class__ in (int, float):
            return value if isfinite(as_double(value)) else self._not_finite(value, path)
        raise Refused("not_json", f"is {described(value)}, which is not a JSON value", path)

    def _members(self, value: JsonObject, path: str, depth: int) -> JsonObject:
        sent: dict[str, Any] = {}
        for key, item in value.items():
            name = key if whole_text(key) is key else self._whole_key(key, path, value.keys() | sent.keys())
            sent[name] = self._at(item, inside(path, key), depth + 1)
        return sent if _differs(sent, value) else value

    def _whole_key(self, key: str, path: str, taken: Set[str]) -> str:
        """The key without halves of characters, and not one of those that are taken: no value gives way to another."""
        name = whole = whole_text(key)
        while name in taken:
            name += "\ufffd"
        if name is not whole or _lost_half(key, whole):
            message = f"half of a character in the key is sent as U+FFFD: {shown(key)}"
            note_repair("half_character", message, inside(path, name))
        return name

    def _in_list(self, item: Any, path: str, depth: int) -> Any:
        if item.__class__ is not list:
            return self._at(item, path, depth)
        if not self._writes_lists:
            raise Refused("nested_list", f"is a list in a list: {shown(item)}", path)
        return self._as_text(item, path, "nested_list", "the list in a list")

    def _deep(self, value: JsonObject, path: str) -> Any:
        if not self._writes_objects:
            raise Refused("too_deep", f"is more than {DEEPEST} objects deep: {shown(value)}", path)
        return self._as_text(value, path, "too_deep", f"the object, more than {DEEPEST} deep,")

    def _as_text(self, value: Any, path: str, code: str, subject: str) -> str:
        try:
            text = json_bytes(value).decode()
        except ValueFailure as failure:
            raise Refused("not_json", f"{shown(value)}: {failure}", path) from None
        note_repair(code, f"{subject} is sent as JSON text: {shown(value)}", path)
        return self._string(text, path)

    def _string(self, value: str, path: str) -> str:
        if (whole := whole_text(value)) is not value:
            if _lost_half(value, whole):
                note_repair("half_character", f"half of a character is sent as U+FFFD: {shown(value)}", path)
            value = whole
        if len(value) <= LONGEST_STRING:
            return value
        if not self._cuts:
            message = f"has {len(value):,} characters and may have {LONGEST_STRING:,}: {shown(value)}"
            raise Refused("long_string", message, path)
        note_repair("long_string", f"is cut from {len(value):,} to {LONGEST_STRING:,} characters: {shown(value)}", path)
        return value[:LONGEST_STRING]

    def _not_finite(self, value: float, path: str) -> None:
        if not self._drops_numbers:
            raise Refused("not_finite", f"{shown(value)} is not a finite number", path)
        note_repair("not_finite", f"{shown(value)} is not a finite number; null is sent", path)


def _long_id(value: str, path: str) -> Refused:
    message = f"has {len(value):,} characters and may have {LONGEST_STRING:,}; an ID is never cut: {shown(value)}"
    return Refused("long_id", message, path)


def _lost_half(text: str, whole: str) -> bool:
    """Whether U+FFFD took the place of a half; two halves that a rule joined are one character again."""
    return whole is not text and whole.count("\ufffd") > text.count("\ufffd")


def _differs(left: Mapping[str, Any], right: Mapping[str, Any]) -> bool:
    return any(left.get(key, left) is not right[key] for key in right)
