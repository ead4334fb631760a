"""Whether a value is plain JSON within limits; other values are examined part by part.

One question about a whole event or request costs a tenth of a look at each of its values, and nearly all pass it.
"""

from __future__ import annotations

from typing import Any

from ..native import native

MOST_LEVELS = 200
"""Objects and lists nested deeper than this are never plain: the encoder does not write many more."""
MOST_VALUES = 10_000_000
"""More values than this are not plain: a few lists that hold each other twice can stand for any number."""


def _is_plain(value: Any, longest: int, levels: int, nested_lists: bool) -> bool:
    """Whether a value is made of JSON values of Python's own classes, and of nothing that has to be looked at.

    Its strings have at most `longest` characters (keys any number), its objects and lists are nested at most `levels`
    deep, its lists hold lists only with `nested_lists`, and its numbers are finite. Large whole numbers and halves of
    surrogate pairs are not noticed, because the encoder does.
    """
    left = MOST_VALUES
    outer: list[Any] = [(value,)]
    for _ in range(min(levels, MOST_LEVELS) + 1):
        inner: list[Any] = []
        for container in outer:
            left -= len(container)
            if left < 0:
                return False
            is_object = type(container) is dict
            if is_object:
                for key in container:
                    if type(key) is not str:
                        return False
            for item in container.values() if is_object else container:
                kind = type(item)
                if kind is str:
                    if len(item) > longest:
                        return False
                elif kind is dict or kind is list:
                    if kind is list and type(container) is list and not nested_lists:
                        return False
                    inner.append(item)
                elif kind is float:
                    if item - item != 0:
                        return False
                elif kind is not int and kind is not bool and item is not None:
                    return False
        if not inner:
            return True
        outer = inner
    return False


is_plain = _is_plain if native is None else native.is_plain


def _is_json(value: Any) -> bool:
    """Whether a value is plain, however long its strings are and whatever its lists hold."""
    return _is_plain(value, _ANY, _ANY, True)


_ANY = 2**31 - 1
"""No limit."""
is_json = _is_json if native is None else native.is_json


def _surely_fits(_longest: int, _levels: int, _most_bytes: int, _value: Any) -> bool:
    """Whether one pass shows that a value is plain, holds no list in a list, and fits into the given bytes of JSON.

    False where it does not show, which is every value here: in Python the encoder is the sooner answer. In C it is True
    for nearly all, which then need not be encoded to know that they can be, and in how many bytes.
    """
    return False


surely_fits = _surely_fits if native is None else native.surely_fits
