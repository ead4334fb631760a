"""Encodes values as the JSON bytes that are sent."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import orjson

from .semantics.javascript import json_text
from .semantics.json_values import json_value, not_json

_encode = orjson.dumps
_AS_IT_IS = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
"""What is not a JSON value is not written in a way of the encoder's own."""
_ESCAPE = re.compile(
    rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>\\u[dD][89a-fA-F][0-9a-fA-F]{2})|\\."
)


def usual_json(value: Any) -> bytes | None:
    """JSON as UTF-8, None for a value that has to be looked at: more than 64 bits, half of a surrogate pair, …"""
    try:
        return _encode(value, None, _AS_IT_IS)
    except TypeError:
        return None


def json_bytes(value: Any) -> bytes:
    """JSON as UTF-8, with all digits of a whole number, null for NaN, and U+FFFD for half of a surrogate pair.

    A Python value is converted as one in an event is. Raises ValueFailure for one that JSON cannot hold.
    """
    try:
        return _encode(value, None, _AS_IT_IS)
    except TypeError:
        return _unusual_bytes(json_value(value))


def _unusual_bytes(value: Any) -> bytes:
    """What the fast encoder does not write: numbers of more than 64 bits, halves of pairs, and deep nesting."""
    try:
        return msgspec.json.encode(value, enc_hook=_refuse)
    except (UnicodeEncodeError, RecursionError):
        return without_halves(str(json_text(value)).encode())


def _refuse(value: Any) -> Any:
    raise not_json(value)


def without_halves(text: bytes) -> bytes:
    """JSON text with U+FFFD for each escape that is half of a surrogate pair."""
    return _ESCAPE.sub(lambda escape: b"\\ufffd" if escape["half"] else escape[0], text)
