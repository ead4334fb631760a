"""Write keys and webhook secrets: what a request must show, compared in constant time."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from hashlib import sha256
from hmac import compare_digest
from hmac import digest as hmac

import msgspec

ANYBODY = "default"
"""The source of events where no write key is asked for."""

_DIGESTS = {40: "sha1", 64: "sha256"}
"""The hash of a signature, by the number of its hexadecimal digits."""


class WriteKeys:
    """Named keys; without any, everybody may write."""

    def __init__(self, keys: Mapping[str, str]) -> None:
        """`keys` by their names."""
        self._digests = [(name, _digest(key)) for name, key in keys.items()]

    @property
    def wanted(self) -> bool:
        """Whether a request must show a key."""
        return bool(self._digests)

    def source(self, key: object) -> str | None:
        """The name of a key, or `ANYBODY` if none is required; None for an unknown key.

        It takes the same time for every key, so that time does not tell a known one.
        """
        if not self._digests:
            return ANYBODY
        shown = _digest(key) if isinstance(key, str) else b""
        matching: str | None = None
        for name, digest in self._digests:
            if compare_digest(shown, digest):
                matching = name
        return matching


def key_in_head(headers: Mapping[str, str], query: Mapping[str, str]) -> str | None:
    """The write key of Basic or Bearer authentication, of `X-Write-Key`, or of `?writekey=`.

    None if there is none, or if Basic authentication cannot be decoded. Header names are lower case.
    """
    scheme, _, credentials = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return credentials.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(credentials.strip(), validate=True).decode().partition(":")[0]
        except (binascii.Error, ValueError):
            return None
    return headers.get("x-write-key") or query.get("writekey") or query.get("writeKey")


def _digest(key: str) -> bytes:
    """Of equal length for all keys, so that a comparison says nothing of theirs."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()


class WebhookSecrets:
    """Shared secrets of Segment's webhooks; without any, no signature is asked for."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = [secret.encode() for secret in secrets]

    @property
    def wanted(self) -> bool:
        """Whether a request must be signed."""
        return bool(self._secrets)

    def signed(self, headers: Mapping[str, str], body: bytes) -> bool:
        """Whether a request has a signature, and all its signatures are right.

        `X-Signature` is of the event or, of several, of the first; `X-Segment-Signature` is of the whole body.
        """
        shown = [
            (headers.get("x-signature"), _first_event(body)),
            (headers.get("x-segment-signature"), body),
        ]
        checks = [self._matches(signature, text) for signature, text in shown if signature is not None]
        return bool(checks) and all(checks)

    def _matches(self, signature: str, text: bytes) -> bool:
        shown = signature.strip().lower().rpartition("=")[2]
        digest = _DIGESTS.get(len(shown))
        if digest is None or not shown.isascii():
            return False
        is_signed = False
        for secret in self._secrets:
            is_signed |= compare_digest(hmac(secret, text, digest).hex(), shown)
        return is_signed


def _first_event(body: bytes) -> bytes:
    """The bytes of the event, or of the first of a list."""
    if not body.lstrip().startswith(b"["):
        return body
    try:
        items = msgspec.json.decode(body, type=list[msgspec.Raw])
        return bytes(items[0])
    except (msgspec.MsgspecError, ValueError, RecursionError, IndexError):
        return body
