"""What a request carries: its body unpacked within a bound, its form, and the keys in its headers."""

from __future__ import annotations

import base64
import binascii
import zlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

MOST_FORM_FIELDS = 20
_GZIP = 31
"""The window of zlib that stands for gzip."""


class TooLarge(Exception):
    """The body is larger than the endpoint takes, packed or unpacked."""


def unpacked(body: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """The body without its content encoding; never more than `most` bytes of it are held.

    Raises TooLarge, ValueError for bytes that are not of the encoding, LookupError for an encoding that is not known.
    """
    if len(body) > most:
        raise TooLarge
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise LookupError(encoding)
    member = zlib.decompressobj(_GZIP)
    try:
        content = member.decompress(body, most + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from None
    if len(content) > most:
        raise TooLarge
    if not member.eof or member.unused_data:
        raise ValueError("the body is not one gzip member")
    return content


def media_type(headers: Mapping[str, str]) -> str:
    """The content type without its parameters."""
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def form_of(body: bytes) -> dict[str, str]:
    """The fields of a form, of each the first. Raises ValueError."""
    pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FORM_FIELDS)
    return dict(reversed(pairs))


def keys_of(headers: Mapping[str, str]) -> tuple[str, str] | None:
    """API key and secret key of basic authentication; None where there are none."""
    scheme, _, coded = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        api_key, colon, secret_key = base64.b64decode(coded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (api_key, secret_key) if colon else None
