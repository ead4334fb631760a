"""Blank values: null, missing, and text without a visible character.

An ID or a name that is blank names nobody and nothing. Unseen are, by their Unicode categories, spaces and line breaks
(Zs, Zl, Zp), control characters (Cc) and format characters (Cf): the zero-width space and joiners, the byte order mark,
the soft hyphen, the marks of writing direction. Unseen are also the letters, marks and symbols that Unicode lists as
ignorable when text is displayed (Default_Ignorable_Code_Point), such as variation selectors and Hangul fillers, and the
Braille cell without dots.
"""

from __future__ import annotations

from typing import Any
from unicodedata import category

from .missing import MISSING

_UNSEEN_CATEGORIES = frozenset(("Zs", "Zl", "Zp", "Cc", "Cf"))
_UNSEEN_OTHERS = frozenset(
    map(
        chr,
        (
            0x034F,  # combining grapheme joiner
            *(0x115F, 0x1160, 0x3164, 0xFFA0),  # Hangul fillers
            *(0x17B4, 0x17B5),  # inherent vowels of Khmer
            *(0x180B, 0x180C, 0x180D, 0x180F),  # variation selectors of Mongolian
            *range(0xFE00, 0xFE10),  # variation selectors
            *range(0xE0100, 0xE01F0),
            0x2800,  # Braille cell without dots
        ),
    )
)


def is_blank(value: Any) -> bool:
    """Whether a value, or the one item of a list, is missing, null or blank text."""
    if value.__class__ is str:
        # Most texts begin with a visible ASCII character, and need no further look.
        return not "!" <= value < "\x7f" and is_blank_text(value)
    if value.__class__ is list and len(value) == 1:
        return value[0].__class__ is not list and is_blank(value[0])
    return value is None or value is MISSING


def is_blank_text(text: str) -> bool:
    """Whether nothing can be seen in a text; the empty text is blank."""
    return all(map(_is_unseen, text))


def seen_part(text: str) -> str:
    """The text without invisible characters at its ends."""
    if text and "!" <= text[0] <= "~" and "!" <= text[-1] <= "~":
        return text  # most texts begin and end with a visible ASCII character
    first, end = 0, len(text)
    while first < end and _is_unseen(text[first]):
        first += 1
    while first < end and _is_unseen(text[end - 1]):
        end -= 1
    return text[first:end]


def _is_unseen(character: str) -> bool:
    return category(character) in _UNSEEN_CATEGORIES or character in _UNSEEN_OTHERS
