"""Reads the text of one event: whatever it is, there is an event or a ValueError that says why not."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from typing import Any

import msgspec

_decode = msgspec.json.Decoder().decode
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x1f\x8b": "gzip"}
"""What a file begins with that is no UTF-8 text, and what it is instead."""
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def read_event(text: bytes | str) -> dict[str, Any]:
    """The event that a JSON text is; a byte order mark, as some programs begin a file with, is passed over.

    Half of a surrogate pair, as is left of a text that was cut within an emoji, is U+FFFD: it could not be sent.
    Raises ValueError when it is no JSON, no object, or nested too deep.
    """
    try:
        try:
            event = _decode(text)
        except msgspec.DecodeError:
            event = _decode(_mended(text))
    except RecursionError:
        raise ValueError("JSON is nested too deep") from None
    if event.__class__ is not dict:
        raise ValueError("it is JSON, but no object, and an event is one")
    found: dict[str, Any] = event
    return found


def _mended(text: bytes | str) -> bytes:
    """The text without its byte order mark, and with no half of a pair in it.

    Raises ValueError where its first bytes say that it is no UTF-8.
    """
    content = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if kind := _MARKS.get(content[:2]):
        raise ValueError(f"it is {kind}, and events are JSON in UTF-8")
    return _ESCAPE.sub(_whole, content.removeprefix(BOM_UTF8))


def _whole(escape: re.Match[bytes]) -> bytes:
    return b"\\ufffd" if escape["half"] else escape[0]
