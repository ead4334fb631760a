"""The body of an HTTP request, decompressed within a limit."""

from __future__ import annotations

import zlib
from collections.abc import Mapping

_GZIP = 31
"""The window size with which zlib reads gzip."""


class BodyTooLarge(Exception):
    """The body is larger than allowed, compressed or decompressed."""


def unpacked(body: bytes, headers: Mapping[str, str], most: int) -> bytes:
    """The body without its content encoding, which is none or gzip.

    The names of `headers` are lower case, or are compared without case. Raises BodyTooLarge for more than `most` bytes,
    compressed or not, ValueError for a body that is not exactly one gzip member, and LookupError for an unknown
    encoding.
    """
    if len(body) > most:
        raise BodyTooLarge
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
        raise BodyTooLarge
    if not member.eof or member.unused_data:
        raise ValueError("the body is not one gzip member")
    return content
