"""Describes a value in a sentence: its type by the language's word, and the value as JSON."""

from __future__ import annotations

from math import isfinite
from typing import Any

from .failure import ValueFailure
from .javascript import json_text, number_text
from .json_values import described, json_value
from .plain import is_plain

_LONGEST_SHOWN = 60
_LONGEST_TEXT = 2**31 - 1
_MOST_LEVELS = 100


def kind(value: Any) -> str:
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


def shown(value: Any) -> str:
    """The value as JSON for a sentence, cut where it gets long; what JSON cannot hold is described."""
    if isinstance(value, float) and not isfinite(value):
        return number_text(value)
    try:
        # What is not plain may hold itself, or something else without an end.
        text = json_text(value if is_plain([value], _LONGEST_TEXT, _MOST_LEVELS, True) else json_value(value))
    except ValueFailure:
        return described(value)
    if not isinstance(text, str):
        return "missing"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
