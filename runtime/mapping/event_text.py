"""Reads the text of one event: any text gives an event or a ValueError that says why not."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from typing import Any

import msgspec

from ..encoding import without_halves
from ..semantics.description import json_type
from ..semantics.javascript import utf8
from ..semantics.json_values import MOST_DIGITS

_decode = msgspec.json.Decoder().decode
_MARKS = {b"\xff\xfe": "UTF-16 text", b"\xfe\xff": "UTF-16 text", b"\x1f\x8b": "gzip-compressed bytes"}
"""The first bytes of a file that is not UTF-8 text, and what it is instead."""


def read_event(text: bytes | str, *, keep_halves: bool = False) -> dict[str, Any]:
    """The event of a JSON text, which may begin with a byte order mark.

    Half of a surrogate pair, as in a text that was cut within an emoji, becomes U+FFFD, because it cannot be sent; with
    `keep_halves` it stays, for a mapper that notes the repair. A number beyond the largest double is Infinity, as in
    JavaScript. Raises ValueError for text that is not a JSON object, or is nested too deep, and TypeError for what is
    not text.
    """
    try:
        try:
            event = _decode(text)
        except (msgspec.DecodeError, UnicodeEncodeError):
            text = text if isinstance(text, str) else bytes(text)
            mended = _mended(text)
            try:
                event = _decode(mended)
            except msgspec.DecodeError as error:
                if "out of range" not in str(error):
                    raise
                event = _decode_any_number(mended)
            if keep_halves:
                event = _decode_any_number(text if isinstance(text, str) else text.removeprefix(BOM_UTF8))
    except RecursionError:
        raise ValueError("JSON is nested too deep") from None
    except msgspec.DecodeError as error:
        if str(error) == "Input data was truncated":
            raise ValueError("JSON is truncated") from None
        raise
    except TypeError:
        require_text(text)
        raise
    if event.__class__ is not dict:
        raise ValueError(f"expected a JSON object, found {json_type(event)}")
    parsed: dict[str, Any] = event
    return parsed


def require_text(text: object) -> None:
    """Raises TypeError if the argument is neither text nor bytes."""
    if not isinstance(text, str | bytes | bytearray | memoryview):
        hint = "; call the mapper itself with a dict" if isinstance(text, dict) else ""
        raise TypeError(f"expected an event as JSON text (bytes or str), found {type(text).__name__}{hint}")


def _decode_any_number(text: bytes | str) -> Any:
    """As the fast decoder, and with numbers that it does not take."""
    try:
        return json.loads(text, parse_int=_whole, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"JSON is malformed: {error.msg.lower()} (character {error.pos})") from None


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits.lstrip("-")) <= MOST_DIGITS else float(digits)


def _refuse_constant(word: str) -> Any:
    raise ValueError(f"JSON is malformed: {word} is not a value")


def _mended(text: bytes | str) -> bytes:
    """The text without its byte order mark, and with no half of a pair in it.

    Raises ValueError where its first bytes show that it is not UTF-8.
    """
    content = utf8(text) if isinstance(text, str) else text
    if kind := _MARKS.get(content[:2]):
        raise ValueError(f"expected JSON in UTF-8, found {kind}")
    return without_halves(content.removeprefix(BOM_UTF8))
