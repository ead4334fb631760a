"""What generated code imports for a trigger or an expression, in one module."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from importlib import import_module
from math import inf as INFINITY
from typing import Any

from .semantics.blank import is_blank
from .semantics.comparison import (
    NUMBERS,
    add,
    contained,
    divide,
    equal,
    greater,
    greater_or_equal,
    less,
    less_or_equal,
    multiply,
    negative,
    subtract,
    unequal,
)
from .semantics.failure import ValueFailure
from .semantics.missing import MISSING, is_nothing
from .semantics.property_access import read, readable
from .template_text import template_text as text

NOTHING: dict[str, Any] = {}
"""A substitute for a missing object: reading from it finds nothing."""


def function(name: str) -> Callable[..., Any]:
    """The Python function behind a function of the language; only its own module is imported."""
    page = import_module(f"{__package__}.functions.{name}")
    call: Callable[..., Any] = page.FUNCTION.call
    return call


def require_event(event: object) -> None:
    """Raises TypeError if the event is not a dict. Asks `type`, because an object can lie about `__class__`."""
    if not issubclass(type(event), dict):
        hint = "; `map_bytes` of a mapper takes JSON text" if issubclass(type(event), str | bytes) else ""
        raise TypeError(f"an event is an object: expected a dict, found {type(event).__name__}{hint}")


def attempt(called: Callable[..., Any], *arguments: Any) -> Any:
    """The function's value; MISSING if it raises ValueFailure, because a trigger never fails."""
    try:
        return called(*arguments)
    except ValueFailure:
        return MISSING


def only_if(test: Callable[[Any], bool], numbers: tuple[int, ...]) -> Callable[[Any], tuple[int, ...]]:
    """A function that gives the numbers for an event that passes the test, and none for any other."""
    return lambda event: numbers if test(event) else ()


SortedLimits = dict[str, Any]
"""`limits`, sorted, and `triggers`: for each limit, the number of its trigger, and its other test or None."""


def taken_above(bounds: SortedLimits, number: Any, reached: bool, event: Any) -> list[int]:
    """The triggers, by number, whose limit `number` exceeds or, with `reached`, equals, and whose other test holds."""
    if number.__class__ not in NUMBERS or number != number:
        return []
    place = (bisect_right if reached else bisect_left)(bounds["limits"], number)
    return [trigger for trigger, test in bounds["triggers"][:place] if test is None or test(event)]


def taken_below(bounds: SortedLimits, number: Any, reached: bool, event: Any) -> list[int]:
    """The triggers, by number, whose limit `number` is below or, with `reached`, equals, and whose other test holds."""
    if number.__class__ not in NUMBERS or number != number:
        return []
    place = (bisect_left if reached else bisect_right)(bounds["limits"], number)
    return [trigger for trigger, test in bounds["triggers"][place:] if test is None or test(event)]


def null_for_missing(value: Any) -> Any:
    """The value as an item of a list: null if it is missing, so that the other items keep their places."""
    return None if value is MISSING else value


__all__ = [
    "INFINITY",
    "MISSING",
    "NOTHING",
    "NUMBERS",
    "add",
    "attempt",
    "contained",
    "divide",
    "equal",
    "function",
    "greater",
    "greater_or_equal",
    "is_blank",
    "is_nothing",
    "less",
    "less_or_equal",
    "multiply",
    "negative",
    "null_for_missing",
    "only_if",
    "read",
    "readable",
    "subtract",
    "taken_above",
    "taken_below",
    "text",
    "unequal",
]
