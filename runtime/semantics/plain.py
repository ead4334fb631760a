"""Whether a value is plain JSON that the fast encoder can write, within limits; what is not is looked at one by one.

One question about a whole request costs a tenth of a look at each of its values, and nearly all requests pass it.
"""

from __future__ import annotations

import re
from math import isfinite
from typing import Any

from ..native import native

MOST_LEVELS = 200
"""Objects and lists nested deeper than this are not plain: the encoder does not write many more."""
MOST_VALUES = 10_000_000
"""More values than this are not plain: a few lists that hold each other twice can stand for any number."""
_SURROGATE = re.compile("[\ud800-\udfff]")
_LARGEST = 2**63


def _is_plain(value: Any, longest: int, deepest: int, nested_lists: bool) -> bool:
    """Whether a value is made of JSON values of Python's own classes, and of nothing that has to be looked at.

    Its strings have at most `longest` characters (keys any number), its objects are nested at most `deepest` deep,
    and its lists hold lists only with `nested_lists`. Numbers are finite and have at most 64 bits, and no string holds
    half of a surrogate pair.
    """
    return _Look(longest, nested_lists).at(value, deepest, MOST_LEVELS)


class _Look:
    """One look at all values below a value."""

    def __init__(self, longest: int, nested_lists: bool) -> None:
        self._left = MOST_VALUES
        self._longest = longest
        self._nested_lists = nested_lists

    def at(self, value: Any, depth: int, levels: int) -> bool:
        """`depth` more objects may be nested here, and `levels` more objects and lists."""
        kind = value.__class__
        if kind is str:
            return len(value) <= self._longest and (value.isascii() or not _SURROGATE.search(value))
        if value is None or kind is bool:
            return True
        if kind is int:
            return bool(-_LARGEST <= value < _LARGEST)
        if kind is float:
            return isfinite(value)
        if levels == 0 or kind not in (dict, list):
            return False
        self._left -= 1 + len(value)
        if self._left < 0:
            return False
        if kind is dict:
            return depth > 0 and all(
                key.__class__ is str and not _SURROGATE.search(key) and self.at(item, depth - 1, levels - 1)
                for key, item in value.items()
            )
        return all(
            (self._nested_lists or item.__class__ is not list) and self.at(item, depth, levels - 1) for item in value
        )


is_plain = _is_plain if native is None else native.is_plain
