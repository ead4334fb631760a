"""Takes an argument for what a function needs, or says in one sentence why it cannot."""

from __future__ import annotations

from typing import Any

from .function import ValueFailure
from .javascript import json_text, number_text
from .missing import MISSING

_LONGEST_SHOWN = 60


def absent(value: Any) -> bool:
    """Whether the value is missing or null; most functions then give it back as it is."""
    return value is None or value is MISSING


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
    """The value as JSON for a sentence, cut where it gets long."""
    text = json_text(value)
    if not isinstance(text, str):
        return "missing"
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def wrong_kind(value: Any, wanted: str) -> ValueFailure:
    """The failure of a value that is not of the wanted kind."""
    if absent(value):
        return ValueFailure(f"{shown(value)} is not a {wanted}")
    article = "an" if isinstance(value, dict) else "a"
    return ValueFailure(f"{shown(value)} is {article} {kind(value)}, not a {wanted}")


def as_text(value: Any) -> str:
    """A string; a number or a bool is taken as its text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    raise wrong_kind(value, "string")


def as_number(value: Any) -> int | float:
    """A number; text that holds one is not taken, for `number` is there to say so."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    raise wrong_kind(value, "number")


def as_whole(value: Any) -> int:
    """A whole number, such as a place or a count of digits."""
    number = as_number(value)
    if number != number or number in (float("inf"), float("-inf")) or number != int(number):
        raise ValueFailure(f"{shown(value)} is not a whole number")
    return int(number)


def as_list(value: Any) -> list[Any]:
    """A list."""
    if isinstance(value, list):
        return value
    raise wrong_kind(value, "list")


def as_object(value: Any) -> dict[str, Any]:
    """An object."""
    if isinstance(value, dict):
        return value
    raise ValueFailure(wrong_kind(value, "object").args[0].replace("not a object", "not an object"))
