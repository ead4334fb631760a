"""No test of the webhook reads settings of this machine."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WEBHOOK_URL", "WEBHOOK_SIGNING_SECRET", "WEBHOOK_AUTHORIZATION"):
        monkeypatch.delenv(name, raising=False)
