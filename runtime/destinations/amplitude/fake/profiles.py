"""The user properties after all requests, so that the effect of `$add` can be seen.

Sources: Amplitude, Identify API ("User property operations"); Segment, Amplitude (Actions) destination, section
"Increment Traits": a property without a value starts from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ....semantics.javascript import as_number, text_to_number
from ..operation_names import OPERATIONS, has_operations

Properties = dict[str, Any]


class Profiles:
    """User properties by user ID, or by device ID where there is no user ID."""

    def __init__(self) -> None:
        self._users: dict[str, Properties] = {}
        self._devices: dict[str, Properties] = {}

    def of(self, user_id: str | None = None, device_id: str | None = None) -> Properties | None:
        """The properties of a user, or of a device that no user signed in on; None if it is not known."""
        return self._users.get(user_id) if user_id is not None else self._devices.get(device_id or "")

    def change(self, sent: Mapping[str, Any]) -> None:
        """Apply the user properties of one event or identification, whose shape is checked."""
        user_id, device_id = sent.get("user_id"), sent.get("device_id")
        profiles, key = (self._users, user_id) if user_id is not None else (self._devices, device_id)
        profile = profiles.setdefault(str(key), {})
        if changes := sent.get("user_properties"):
            apply(profile, changes if has_operations(changes) else {"$set": changes})


def apply(profile: Properties, operations: Mapping[str, Any]) -> None:
    """Apply operations on user properties to a profile."""
    for name, changed in operations.items():
        if name in OPERATIONS.whole:
            profile.clear()
            continue
        change = _CHANGES[name]
        for key, value in changed.items():
            change(profile, key, value)


def _set(profile: Properties, key: str, value: Any) -> None:
    profile[key] = value


def _set_once(profile: Properties, key: str, value: Any) -> None:
    profile.setdefault(key, value)


def _add(profile: Properties, key: str, value: Any) -> None:
    before = profile.get(key, 0)
    profile[key] = _number(before) + _number(value)


def _number(value: Any) -> int | float:
    if isinstance(value, str):
        value = as_number(text_to_number(value))
    is_number = isinstance(value, int | float) and not isinstance(value, bool) and value == value
    return value if is_number else 0


def _unset(profile: Properties, key: str, value: Any) -> None:
    profile.pop(key, None)


def _append(profile: Properties, key: str, value: Any) -> None:
    profile[key] = [*_items(profile.get(key)), *_items(value)]


def _prepend(profile: Properties, key: str, value: Any) -> None:
    profile[key] = [*_items(value), *_items(profile.get(key))]


def _append_new(profile: Properties, key: str, value: Any) -> None:
    _append(profile, key, [item for item in _items(value) if item not in _items(profile.get(key))])


def _prepend_new(profile: Properties, key: str, value: Any) -> None:
    _prepend(profile, key, [item for item in _items(value) if item not in _items(profile.get(key))])


def _remove(profile: Properties, key: str, value: Any) -> None:
    profile[key] = [item for item in _items(profile.get(key)) if item not in _items(value)]


def _items(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


_CHANGES: Mapping[str, Callable[[Properties, str, Any], None]] = {
    "$set": _set,
    "$setOnce": _set_once,
    "$add": _add,
    "$append": _append,
    "$prepend": _prepend,
    "$unset": _unset,
    "$preInsert": _prepend_new,
    "$postInsert": _append_new,
    "$remove": _remove,
}
