"""Text between quotes: reads and writes its escapes."""

from __future__ import annotations

import re

QUOTES = ('"', "'", '\\"', "\\'")
"""The quotes of a text, by the number of texts in whose placeholders it is."""

_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_PIECE = re.compile(rf"{_ESCAPE.pattern}|.", re.DOTALL)
_PLAIN = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "'": "'", "\\": "\\", "{": "{"}
_WRITTEN = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
SURROGATE = re.compile("[\ud800-\udfff]")
# Characters that are written with a backslash, and a backslash that would be read together with what follows it.
_CONTROLS = "\\x00-\\x1f\\x7f-\\x9f\u2028\u2029\ufeff\ud800-\udfff"
_SPECIAL = re.compile(rf"[\"'{_CONTROLS}]|\\(?=[ntru\"'\\{{{_CONTROLS}]|\Z)|\{{(?=\{{)")


def unescape(text: str) -> str:
    """The value of the text between quotes; a backslash before any other character stays, because `match` reads it."""
    if "\\" not in text:
        return text
    joined = _ESCAPE.sub(_value, text)
    if not SURROGATE.search(joined):
        return joined
    # Two escapes may spell one character outside the basic plane, as in JSON.
    return joined.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def written_at(text: str, index: int) -> int:
    """The offset, in the text between quotes, of the character at an index of the value."""
    for piece in _PIECE.finditer(text):
        if len(unescape(text[: piece.end()])) > index:
            return piece.start()
    return len(text)


def _value(match: re.Match[str]) -> str:
    escaped = match[1]
    return chr(int(escaped[1:], 16)) if len(escaped) == 5 else _PLAIN.get(escaped, match[0])


def quote(value: str, depth: int = 0) -> str:
    """The literal of a text without placeholders; `depth` is the number of texts in whose placeholders it is."""
    return enclose(escape(value, depth), depth)


def quote_as(written: str, value: str) -> str:
    """The literal of a text in the quotes of another literal, which may be inside a placeholder."""
    return quote(value, next(depth for depth, mark in enumerate(QUOTES) if written.startswith(mark)))


def enclose(written: str, depth: int = 0) -> str:
    """Escaped text in the quotes for its depth.

    Raises ValueError beyond the fourth text in placeholders of texts, for which there are no quotes left.
    """
    if depth >= len(QUOTES):
        raise ValueError(f"texts nest in placeholders of texts at most {len(QUOTES)} deep")
    return f"{QUOTES[depth]}{written}{QUOTES[depth]}"


def escape(value: str, depth: int = 0, *, before_placeholder: bool = False) -> str:
    """The escaped text of a value, without quotes; `before_placeholder` if `{{` follows it."""

    def written(match: re.Match[str]) -> str:
        character = match[0]
        if character == '"' or character == "'":
            if depth > 1:
                return f"\\u{ord(character):04x}"
            return f"\\{character}" if depth or character == '"' else character
        if character in "\\{":
            return f"\\{character}"
        return _WRITTEN.get(character) or f"\\u{ord(character):04x}"

    out = _SPECIAL.sub(written, value)
    return f"{out[:-1]}\\{{" if before_placeholder and out.endswith("{") else out
