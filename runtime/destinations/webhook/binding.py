"""The adapter for a mapper's settings, and the dry run: what delivery asks of a destination (`delivery.adapter`)."""

from __future__ import annotations

from dataclasses import replace

from ...delivery.adapter import Trial
from ...destination import PLACEHOLDER
from .adapter import WebhookAdapter
from .settings import Settings, settings_of


def adapter(settings: Settings | None, base_url: str | None = None, *, insecure: bool = False) -> WebhookAdapter:
    """The adapter for a mapper's settings; a secret that is only a placeholder there comes from the environment."""
    return WebhookAdapter(_with_secrets(settings), base_url, insecure=insecure)


def trial(settings: Settings | None) -> Trial:
    """A dry run against the fake in memory, which needs no address and no secret."""
    from .trial import FakeTrial  # a sender needs no fake

    return FakeTrial(settings or settings_of())


def _with_secrets(settings: Settings | None) -> Settings:
    if settings is None:
        return settings_of()
    environment = settings_of()
    names = ("signingSecret", "authorization")
    missing = [name for name in names if getattr(settings, name) in (None, PLACEHOLDER)]
    return replace(settings, **{name: getattr(environment, name) for name in missing})
