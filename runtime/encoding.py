"""Values to the JSON bytes that go out."""

from __future__ import annotations

from typing import Any

import orjson

from .semantics.javascript import json_text, utf8

_encode = orjson.dumps


def json_bytes(value: Any) -> bytes:
    """JSON as UTF-8; what a fast encoder refuses, such as half a surrogate pair, is written as JavaScript writes it."""
    try:
        return _encode(value)
    except TypeError:
        return utf8(str(json_text(value)))
