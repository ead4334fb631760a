"""Makes the adapter for a mapper's settings, and the dry run: this module is a `Delivery` (`delivery/adapter.py`)."""

from __future__ import annotations

from dataclasses import replace

from ...delivery.adapter import Trial
from ...destination import PLACEHOLDER
from .adapter import WebhookAdapter
from .settings import WebhookSettings, settings_of


def adapter(settings: WebhookSettings | None, base_url: str | None = None, *, insecure: bool = False) -> WebhookAdapter:
    """The adapter for a mapper's settings; a secret that is only a placeholder there comes from the environment."""
    return WebhookAdapter(_with_secrets(settings), base_url, insecure=insecure)


def trial(settings: WebhookSettings | None) -> Trial:
    """A dry run against the fake in memory, which needs no address and no secret."""
    from .trial import FakeTrial  # a sender needs no fake

    return FakeTrial(settings or settings_of())


def _with_secrets(settings: WebhookSettings | None) -> WebhookSettings:
    if settings is None:
        return settings_of()
    environment = settings_of()
    names = ("signingSecret", "authorization")
    missing = [name for name in names if getattr(settings, name) in (None, PLACEHOLDER)]
    return replace(settings, **{name: getattr(environment, name) for name in missing})
