"""Reads the text of one event: whatever it is, there is an event or a ValueError that says why not."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any

import msgspec

from ..encoding import without_halves
from ..semantics.javascript import utf8

_decode = msgspec.json.Decoder().decode
_MARKS = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x1f\x8b": "gzip"}
"""What a file begins with that is no UTF-8 text, and what it is instead."""


def read_event(text: bytes | str, *, keep_halves: bool = False) -> dict[str, Any]:
    """The event that a JSON text is; a byte order mark, as some programs begin a file with, is passed over.

    Half of a surrogate pair, as is left of a text that was cut within an emoji, is U+FFFD, because it could not be
    sent; with `keep_halves` it stays, for a mapper that says so. Raises ValueError when it is no JSON, no object, or
    nested too deep, and TypeError for what is not text.
    """
    try:
        try:
            event = _decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError):
            event = _decode(_mended(text))
            if keep_halves:
                event = json.loads(text if isinstance(text, str) else text.removeprefix(BOM_UTF8))
    except RecursionError:
        raise ValueError("JSON is nested too deep") from None
    except TypeError:
        require_text(text)
        raise
    if event.__class__ is not dict:
        raise ValueError("it is JSON, but no object, and an event is one")
    found: dict[str, Any] = event
    return found


def require_text(text: object) -> None:
    """Raises TypeError for what is not the text of an event."""
    if not isinstance(text, str | bytes | bytearray | memoryview):
        hint = "; call the mapper itself with a dict" if isinstance(text, dict) else ""
        raise TypeError(f"expected an event as JSON text (bytes or str), found {type(text).__name__}{hint}")


def _mended(text: bytes | str) -> bytes:
    """The text without its byte order mark, and with no half of a pair in it.

    Raises ValueError where its first bytes say that it is no UTF-8.
    """
    content = utf8(text) if isinstance(text, str) else text
    if kind := _MARKS.get(content[:2]):
        raise ValueError(f"it is {kind}, and events are JSON in UTF-8")
    return without_halves(content.removeprefix(BOM_UTF8))
