"""Makes text from outside (rules, events, answers, file names) safe to show on a terminal or in a log.

Every folder of the package uses it, so it is beside them and imports none.
"""

from __future__ import annotations

import unicodedata

_UNSAFE = frozenset(("Cc", "Cf", "Cn", "Cs", "Zl", "Zp"))
"""Unicode categories: control and format characters, code points without a character, surrogates, line and paragraph
separators."""


def printable(text: str) -> str:
    """The text on one line, with control and format characters, line breaks and lone surrogates as escapes.

    A line feed becomes `\\n`, ESC `\\x1b`, the right-to-left override `\\u202e`. All other characters stay as they are,
    backslashes too, so that JSON and Windows paths stay readable. The result can be encoded as UTF-8.
    """
    if text.isprintable():
        return text
    return "".join(_escaped(char) if unicodedata.category(char) in _UNSAFE else char for char in text)


def shortened(text: str, most: int) -> str:
    """At most so many characters of a text, the last of them an ellipsis where it was longer."""
    return text if len(text) <= most else text[: most - 1] + "…"


def printable_json(text: str) -> str:
    """JSON text as a terminal may show it; it means the same, because it uses JSON's own escapes."""
    if text.isprintable():
        return text
    return "".join(
        _json_escaped(char) if char != "\n" and unicodedata.category(char) in _UNSAFE else char for char in text
    )


def _escaped(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")


def _json_escaped(char: str) -> str:
    units = char.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
