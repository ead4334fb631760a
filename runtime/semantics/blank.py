"""Blank values: null, missing, and text in which nothing can be seen.

An ID or a name that is blank names nobody and nothing. Unseen are, by their Unicode categories, spaces and line breaks
(Zs, Zl, Zp), control characters (Cc) and format characters (Cf): the zero-width space and joiners, the byte order mark,
the soft hyphen, the marks of writing direction.
"""

from __future__ import annotations

from typing import Any
from unicodedata import category

from .missing import MISSING

_UNSEEN = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf"))


def is_blank(value: Any) -> bool:
    """Whether a value, or the one item of a list, is missing, null or blank text."""
    if value.__class__ is str:
        # Most texts begin with a sign of ASCII, and are done with here.
        return not "!" <= value < "\x7f" and is_blank_text(value)
    if value.__class__ is list and len(value) == 1:
        return value[0].__class__ is not list and is_blank(value[0])
    return value is None or value is MISSING


def is_blank_text(text: str) -> bool:
    """Whether nothing can be seen in a text; the empty text is blank."""
    return all(category(character) in _UNSEEN for character in text)
