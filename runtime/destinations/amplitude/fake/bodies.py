"""Reads a request: its media type, its form, and the keys in its headers."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import parse_qsl

MOST_FORM_FIELDS = 20


def media_type(headers: Mapping[str, str]) -> str:
    """The content type without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form by name; of a name that occurs twice, the first. Raises ValueError."""
    pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FORM_FIELDS)
    return dict(reversed(pairs))


def keys_of(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """The API key and the secret key of basic authentication; None if the request has none."""
    scheme, _, coded = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        api_key, colon, secret_key = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (api_key, secret_key) if colon else None
