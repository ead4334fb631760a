"""Decodes foreign JSON, or refuses it with a sentence that says why."""

from __future__ import annotations

import json
import re
from typing import Any

MAX_DEPTH = 100
"""The most levels of objects and lists inside each other."""

_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonProblem(ValueError):
    """Why a text cannot be used as JSON: a sentence in lower case."""


def decode(content: bytes | str, depth: int = MAX_DEPTH) -> Any:
    """The value of JSON text. Raises JsonProblem."""
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
        value = json.loads(text, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise JsonProblem(f"it is not UTF-8 text: byte {error.start + 1} cannot be read") from None
    except RecursionError:
        raise JsonProblem("objects and lists are nested too deep") from None
    except ValueError as error:
        raise JsonProblem(f"it is not JSON: {error}") from None
    check(value, depth)
    return value


def _check_keys(value: dict[Any, Any]) -> None:
    for key in value:
        if not isinstance(key, str):
            raise JsonProblem(f"expected a key that is text, found {type(key).__name__}")


def check(value: Any, depth: int = MAX_DEPTH) -> None:
    """Raises JsonProblem for a decoded value that is nested too deep, or has a text with half of a character in it.

    JSON can spell such a text (`"\\ud800"`), but nothing can be encoded that holds it.
    """
    level = [value]
    for _ in range(depth + 1):
        below: list[Any] = []
        for part in level:
            if isinstance(part, str):
                _check_text(part)
            elif isinstance(part, dict):
                _check_keys(part)
                below += part.keys()
                below += part.values()
            elif isinstance(part, list):
                below += part
        if not below:
            return
        level = below
    raise JsonProblem(f"objects and lists are nested more than {depth:,} deep")


def _check_text(text: str) -> None:
    if not text.isascii() and (half := _SURROGATE.search(text)) is not None:
        raise JsonProblem(f"a text holds half of a character, `\\u{ord(half[0]):04x}`")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not a number of JSON")
