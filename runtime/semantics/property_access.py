"""How Segment reads a property of a value that need not be an object: `previous && previous[key]`.

Source: `get` of @segment/actions-core and of @segment/destination-subscriptions. Nothing here reaches an
attribute of a value: an event only gives the values that it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

from .javascript import list_index, unit_count, units
from .missing import MISSING


class Readable(Protocol):
    """A value that generated code reads from, of any kind: `get` as of a dict, by name or by number."""

    def get(self, key: str | int, default: Any = None) -> Any: ...


class _Object:
    """An object: its own keys, and a number is the key of its digits."""

    __slots__ = ("_value",)

    def __init__(self, value: dict[str, Any]) -> None:
        self._value = value

    def get(self, key: str | int, default: Any = None) -> Any:
        return self._value.get(key if key.__class__ is str else str(key), default)


class _List:
    """A list: an index, as a number or as its digits, and `length`."""

    __slots__ = ("_value",)

    def __init__(self, value: list[Any]) -> None:
        self._value = value

    def get(self, key: str | int, default: Any = None) -> Any:
        value = self._value
        if key == "length":
            return len(value)
        index = list_index(key) if isinstance(key, str) else key
        return value[index] if index is not None and 0 <= index < len(value) else default


class _Text:
    """A text that is not empty: one UTF-16 unit by its index, and `length`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def get(self, key: str | int, default: Any = None) -> Any:
        value = self._value
        if key == "length":
            return unit_count(value)
        index = list_index(key) if isinstance(key, str) else key
        if index is None or not 0 <= index < len(value) * 2:
            return default
        if not value.isascii():
            return dict(enumerate(units(value))).get(index, default)
        return value[index] if index < len(value) else default


class _Falsy:
    """null, false, 0, NaN or `""`: whatever is asked of it, the answer is the value itself."""

    __slots__ = ("_value",)

    def __init__(self, value: Any) -> None:
        self._value = value

    def get(self, key: str | int, default: Any = None) -> Any:
        return self._value


class _Nothing:
    """MISSING, `true` and the numbers: no key leads anywhere."""

    __slots__ = ()

    def get(self, key: str | int, default: Any = None) -> Any:
        return default


_NOTHING = _Nothing()


def readable(value: Any) -> Readable:
    """The value as something with `get(key, default)`, by JavaScript's rules for `value && value[key]`."""
    if isinstance(value, dict):
        return _Object(value)
    if isinstance(value, list):
        return _List(value)
    if value is MISSING:
        return _NOTHING
    if not value or value != value:
        return _Falsy(value)
    return _Text(value) if isinstance(value, str) else _NOTHING


def read(value: Any, steps: Iterable[str | int]) -> Any:
    """The value that the steps lead to, or MISSING. A step from null, false, 0, NaN or `""` stays there."""
    for step in steps:
        if value.__class__ is dict and step.__class__ is str:
            value = value.get(step, MISSING)
        else:
            value = readable(value).get(step, MISSING)
        if value is MISSING:
            break
    return value
