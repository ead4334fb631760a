"""A text with each occurrence of a part replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..function import Example, Function, Parameter, failing
from ..semantics.failure import ValueFailure
from ..semantics.javascript import text

_DOLLAR = re.compile(r"\$([$&`'])")


def replace(value: Any, pattern: Any, replacement: Any, ignore_case: Any = False, all: Any = True) -> str:
    if isinstance(value, bool | int | float):
        value = text(value)
    texts = isinstance(value, str) and isinstance(pattern, str) and isinstance(replacement, str)
    if not texts or not isinstance(ignore_case, bool) or not isinstance(all, bool):
        return ""
    if not pattern:
        raise ValueFailure("an empty text cannot be replaced")
    if not ignore_case and "$" not in replacement:
        return str(value.replace(pattern, replacement, -1 if all else 1))
    return _replaced(value, pattern, replacement, ignore_case, all)


def _replaced(value: str, pattern: str, replacement: str, ignore_case: bool, all: bool) -> str:
    pieces: list[str] = []
    at = 0
    for start in _places(value, pattern, ignore_case):
        end = start + len(pattern)
        pieces += (value[at:start], _expanded(replacement, value, start, end))
        at = end
        if not all:
            break
    return "".join(pieces) + value[at:]


def _places(value: str, pattern: str, ignore_case: bool) -> Iterator[int]:
    if ignore_case:
        value, pattern = _folded(value), _folded(pattern)
    at = value.find(pattern)
    while at >= 0:
        yield at
        at = value.find(pattern, at + len(pattern))


def _folded(value: str) -> str:
    """Each character as JavaScript compares it under the flag `i`: its capital, where that is one and alike."""
    if value.isascii():
        return value.upper()
    return "".join(_capital(character) for character in value)


def _capital(character: str) -> str:
    capital = character.upper()
    leaves_its_kind = len(capital) != 1 or character > "\uffff" or (character > "\x7f" and capital <= "\x7f")
    return character if leaves_its_kind else capital


def _expanded(replacement: str, value: str, start: int, end: int) -> str:
    """`$$`, `$&`, `` $` `` and `$'` of a replacement: a dollar, the part, and the text before and after it."""
    meanings = {"$": "$", "&": value[start:end], "`": value[:start], "'": value[end:]}
    return _DOLLAR.sub(lambda dollar: meanings[dollar[1]], replacement)


FUNCTION = Function(
    name="replace",
    parameters=(
        Parameter("value", "any"),
        Parameter("pattern", "string", fault=failing(lambda pattern: replace("", pattern, ""))),
        Parameter("replacement", "string"),
        Parameter("ignore_case", "boolean", default="false"),
        Parameter("all", "boolean", default="true"),
    ),
    returns="string",
    sentence="a string with `pattern` replaced by `replacement`; empty text if not a string, number or boolean",
    examples=(
        Example('replace(event, " ", "_")', {"event": "Order Completed"}, "Order_Completed"),
        Example('replace(event, "order", "X", true)', {"event": "Order ORDER"}, "X X", "upper and lower case are one"),
        Example('replace(event, "a", "b", false, false)', {"event": "aaa"}, "baa", "the first alone"),
        Example('replace(event, ".", "")', {"event": "a.b"}, "ab", "no sign has a special meaning in a pattern"),
        Example('replace(event, "b", "[$&]")', {"event": "abc"}, "a[b]c", "`$&` is what was found, `$$` a dollar"),
        Example('replace(event, ".", ",")', {"event": 1.5}, "1,5", "a number or a bool is taken as its text"),
        Example('replace(event, "a", "b")', {"event": None}, ""),
        Example('replace(event, "a", "b")', {}, ""),
        Example('replace(event, "a", "b")', {"event": ["a"]}, ""),
    ),
    call=replace,
    fails=True,
    source="mapping-kit, @replace",
)
