"""Describes a value in a sentence: its type by the language's word, and the value as JSON."""

from __future__ import annotations

from math import isfinite
from typing import Any

from ...printable import shortened
from .failure import ValueFailure
from .javascript import json_beginning, number_text
from .json_values import described
from .missing import MISSING

_LONGEST_SHOWN = 60


def type_name(value: Any) -> str:
    """The type by FQL's own word: string, number, list, bool, object or null; missing is null."""
    if isinstance(value, str):
        return "string"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, int | float):
        return "number"
    if isinstance(value, list):
        return "list"
    return "object" if isinstance(value, dict) else "null"


def json_type(value: Any) -> str:
    """The JSON type of a value with its article, such as `a string`; the Python class of a value that is not JSON."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "a string"
    return "a list" if isinstance(value, list) else "an object" if isinstance(value, dict) else described(value)


def shown(value: Any) -> str:
    """The value as JSON for a sentence, shortened if it is long; a value that is not JSON is described."""
    if isinstance(value, float) and not isfinite(value):
        return number_text(value)
    if value is MISSING:
        return "missing"
    try:
        # No more than the beginning: a value made in Python may hold itself.
        text = json_beginning(value, _LONGEST_SHOWN)
    except ValueFailure:
        return described(value)
    return shortened(text, _LONGEST_SHOWN)
