"""Python values to JSON values: the one conversion, for events given as objects and for bodies.

JSON text can only hold what this gives, so an event given as an object comes to the same requests as its JSON text.
Converted are what Python's own `json` module writes (tuples, and subclasses of str, int, float, list and dict, by the
value they hold), and dates and decimals. A value that cannot be converted becomes a `NotJson`, which is refused where a
rule reads it, and nowhere else; so does the value at a key that is not text, which `json` would write as text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import repeat
from math import inf, nan
from typing import Any, NamedTuple, TypeVar

from .failure import ValueFailure

Item = TypeVar("Item")

MOST_LEVELS = 1000
"""Objects and lists may be nested this deep, which is more than a reader of JSON text takes."""
MOST_VALUES = 10_000_000
"""An object or a list holds at most this many values, which is more than the largest body has room for."""
MOST_DIGITS = 4300
"""A whole number with more digits becomes Infinity, because Python does not write or read it."""
_LARGEST_EXPONENT = 308
_BITS = 14_000
"""A number of fewer bits has fewer than `MOST_DIGITS` digits."""


class NotJson:
    """Replaces a value that JSON cannot hold; `what` names the value in messages."""

    __slots__ = ("what",)

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return f"<{self.what}>"


def not_json(value: Any) -> ValueFailure:
    """The failure of a rule that reads a value which is not a JSON value."""
    return ValueFailure(f"the value is {described(value)}, which is not a JSON value")


def described(value: Any) -> str:
    """A description of a value that is not a JSON value, from the name of its class alone."""
    return value.what if type(value) is NotJson else f"a Python {type(value).__name__}"


def json_value(value: Any) -> Any:
    """The JSON value for a Python value, at any depth; the given value is not changed.

    Text and floats are kept as they are: a destination repairs or refuses half of a surrogate pair and NaN.
    """
    return _Conversion().of(value)


MANY_STEPS = 10_000
"""A walk that takes more asks with `require_end` whether it will end."""


def require_end(value: Any) -> None:
    """Raises ValueFailure for a value that a walk would never come to the end of: it holds itself, or too many values.

    Only a value made in Python can be like that, where no check has converted it.
    """
    conversion = _Conversion()
    conversion.of(value)
    if conversion.endless is not None:
        raise not_json(conversion.endless)


def taken_from(pending: list[Item], *walked: Any) -> Iterator[Item]:
    """The items of a walk, taken from the end of the list `pending`, to which the caller adds while it walks.

    `walked` are the values that the walk began with. Raises ValueFailure after many steps if one of them holds itself,
    or too many values.
    """
    left = MANY_STEPS
    while pending:
        left -= 1
        if not left:
            for value in walked:
                require_end(value)
        yield pending.pop()


class _Converted(NamedTuple):
    value: Any
    size: int
    """The values in it, each as often as it is reached."""


@dataclass(slots=True)
class _Container:
    """An object or a list that is being converted."""

    source: Any
    key: str
    """Where it goes in the one around it."""
    members: Iterator[tuple[Any, Any]]
    converted: dict[str, Any] | list[Any]
    count: int = 1

    def put(self, key: str, value: Any, count: int = 1) -> None:
        self.count += count
        if isinstance(self.converted, list):
            self.converted.append(value)
        else:
            self.converted[key] = value


class _Conversion:
    """One conversion, which converts each object and list once, however often it is reached."""

    def __init__(self) -> None:
        self._open: list[_Container] = []
        """From the outermost to the innermost."""
        self._open_ids: set[int] = set()
        self._done: dict[int, _Converted] = {}
        self.endless: NotJson | None = None
        """The last object or list that a walk would not come to the end of."""

    def of(self, value: Any) -> Any:
        whole = _Container(None, "", iter([("", value)]), [])
        self._open.append(whole)
        while self._open:
            inner = self._step(self._open[-1])
            if inner is not None:
                self._open_ids.add(id(inner.source))
                self._open.append(inner)
            elif self._open[-1] is not whole:
                self._close()
            else:
                self._open.pop()
        (converted,) = whole.converted
        return converted

    def _step(self, container: _Container) -> _Container | None:
        """Converts members up to the next object or list that was not converted yet; None at the end."""
        for key, item in container.members:
            if type(key) is not str:
                if not issubclass(type(key), str):
                    container.put(_key_text(key), NotJson(f"a value at a key that is {described(key)}, not text"))
                    continue
                key = str.__str__(key)
            kind = type(item)
            if kind is str or item is None or kind is bool or kind is float:
                container.put(key, item)
            elif not issubclass(kind, dict | list | tuple):
                container.put(key, _scalar(item, kind))
            elif id(item) in self._done:
                container.put(key, *self._done[id(item)])
            elif id(item) in self._open_ids:
                self.endless = NotJson("an object or a list that holds itself")
                container.put(key, self.endless)
            elif len(self._open) > MOST_LEVELS:
                container.put(key, NotJson(f"a value nested more than {MOST_LEVELS:,} levels deep"))
            elif isinstance(item, dict):
                return _Container(item, key, iter(dict.items(item)), {})
            else:
                items = list.__iter__(item) if isinstance(item, list) else tuple.__iter__(item)
                return _Container(item, key, zip(repeat(""), items), [])
        return None

    def _close(self) -> None:
        container = self._open.pop()
        known = id(container.source)
        self._open_ids.discard(known)
        done = _Converted(container.converted, container.count)
        if container.count > MOST_VALUES:
            self.endless = NotJson(f"an object or a list of more than {MOST_VALUES:,} values")
            done = _Converted(self.endless, 1)
        self._done[known] = done
        self._open[-1].put(container.key, *done)


def _key_text(key: Any) -> str:
    return str(key) if type(key) in (bool, float) or (type(key) is int and abs(key) < 2**64) else type(key).__name__


def _scalar(value: Any, kind: type) -> Any:
    """The JSON value of anything but an object or a list. No method that a subclass overrides is called."""
    if issubclass(kind, str):
        return str.__str__(value)
    if issubclass(kind, int):
        return _written(int.__int__(value))
    if issubclass(kind, float):
        return float.__float__(value)
    if issubclass(kind, Decimal):
        return _number(Decimal(value))
    if issubclass(kind, date):
        return _iso_text(value)
    return value if kind is NotJson else NotJson(described(value))


def _number(value: Decimal) -> int | float:
    """A decimal as the number that JSON text of its digits is: exact if it is whole, else the nearest double."""
    if not value.is_finite():
        return nan if value.is_nan() else inf if value > 0 else -inf
    if value.adjusted() > _LARGEST_EXPONENT:
        return inf if value > 0 else -inf
    return int(value) if value == value.to_integral_value() else float(value)


def _written(value: int) -> int | float:
    """A whole number, as its digits are read in JSON text."""
    if value.bit_length() < _BITS or abs(value) < 10**MOST_DIGITS:
        return value
    return inf if value > 0 else -inf


def _iso_text(value: date) -> Any:
    try:
        return datetime.isoformat(value) if isinstance(value, datetime) else date.isoformat(value)
    except Exception:  # a time zone is a class of the caller's
        return NotJson(described(value))
