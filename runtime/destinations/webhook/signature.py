"""The signature of a request, as the specification Standard Webhooks defines it (symmetric, `v1`)."""

from __future__ import annotations

import base64
import binascii
import hmac
from hashlib import sha256

PREFIX = "whsec_"


class Signer:
    """Signs requests with one secret: base64, with or without `whsec_` before it."""

    def __init__(self, secret: str) -> None:
        """Raises ValueError for a secret that is not base64; the text does not show it."""
        try:
            self._key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
        except (binascii.Error, ValueError):
            self._key = b""
        if not self._key:
            raise ValueError("the signing secret is not base64, with or without `whsec_` before it")

    def sign(self, message_id: str, timestamp: int, body: bytes) -> str:
        """The value of the header `webhook-signature`; the timestamp is in seconds since 1970."""
        signed = f"{message_id}.{timestamp}.".encode() + body
        return "v1," + base64.b64encode(hmac.digest(self._key, signed, sha256)).decode()

    def verifies(self, signature: str, message_id: str, timestamp: int, body: bytes) -> bool:
        """Whether one of the space-separated signatures in a header is right."""
        right = self.sign(message_id, timestamp, body)
        return any(hmac.compare_digest(right, each) for each in signature.split(" "))
