"""Text from outside (events, answers, file names) made safe to show: nothing in it can steer a terminal or a log."""

from __future__ import annotations

import unicodedata

_UNSAFE = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
"""Unicode categories: control and format characters, surrogates, line and paragraph separators."""


def printable(text: str) -> str:
    """The text on one line, with control and format characters, line breaks and lone surrogates as escapes.

    A line feed becomes `\\n`, ESC `\\x1b`, the right-to-left override `\\u202e`. All other characters stay as they are,
    backslashes too, so that JSON and Windows paths stay readable. The result can be encoded as UTF-8.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(char) if unicodedata.category(char) in _UNSAFE else char for char in text)


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
