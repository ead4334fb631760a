"""Segment's webhooks are taken with a signature of the body, or without one on this machine alone."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest

from .calls import track
from .site import SECRET, Site, site


def sign(text: bytes, digest: Any = hashlib.sha1, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), text, digest).hexdigest()


ONE = json.dumps(track(), separators=(",", ":")).encode()
TWO = json.dumps(track(2), separators=(",", ":")).encode()
LIST = b"[" + ONE + b"," + TWO + b"]"


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (ONE, {"x-signature": sign(ONE)}, 200),
        (ONE, {"x-signature": sign(ONE).upper()}, 200),
        (LIST, {"x-signature": sign(ONE)}, 200),
        (b" [ " + ONE + b" ]", {"x-signature": sign(ONE)}, 200),
        (LIST, {"x-segment-signature": sign(LIST)}, 200),
        (LIST, {"x-segment-signature": sign(LIST, hashlib.sha256)}, 200),
        (LIST, {"x-segment-signature": "sha256=" + sign(LIST, hashlib.sha256)}, 200),
        (LIST, {"x-signature": sign(ONE), "x-segment-signature": sign(LIST)}, 200),
        (LIST, {"x-signature": sign(ONE), "x-segment-signature": sign(ONE)}, 401),
        (ONE, {}, 401),
        (ONE, {"x-signature": ""}, 401),
        (ONE, {"x-signature": sign(TWO)}, 401),
        (ONE, {"x-signature": sign(ONE, secret="other")}, 401),
        (ONE, {"x-signature": sign(ONE)[:-1]}, 401),
        (LIST, {"x-signature": sign(LIST)}, 401),
        (b"[]", {"x-signature": sign(b"")}, 401),
        (ONE + b" ", {"x-signature": sign(ONE)}, 401),
        (b"[1]", {"x-signature": sign(b"1")}, 400),
        (b"[" + b",".join([b"{}"] * 4_001) + b"]", {"x-signature": sign(b"{}")}, 400),
        (b"{", {"x-signature": sign(b"{")}, 400),
    ],
)
def test_a_webhook_is_signed(here: Site, body: bytes, headers: dict[str, str], status: int) -> None:
    answer = here.client.post("/webhooks/segment", content=body, headers=headers)
    assert answer.status_code == status
    assert (here.status.events > 0) == (status == 200)


def test_a_webhook_without_a_secret_is_open_on_this_machine_alone(tmp_path: Path) -> None:
    for folder, opened in (("a", True), ("b", False)):
        (tmp_path / folder).mkdir()
        with site(tmp_path / folder, secrets=(), open_webhooks=opened) as here:
            assert here.client.post("/webhooks/segment", content=ONE).status_code == (200 if opened else 403)
