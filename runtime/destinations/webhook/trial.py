"""A dry run of `send`: the adapter without secrets, and the fake that answers it in memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .adapter import WebhookAdapter
from .fake import FakeExchange, FakeWebhook
from .settings import WebhookSettings


class FakeTrial:
    """A dry run against the fake in memory."""

    def __init__(self, settings: WebhookSettings) -> None:
        self._fake = FakeWebhook()
        public = replace(
            settings, url=settings.url or "https://dry-run.invalid/", signingSecret=None, authorization=None
        )
        self.adapter = WebhookAdapter(public, insecure=True)
        self.exchange = FakeExchange(self._fake)

    @property
    def requests(self) -> int:
        """Requests that were answered."""
        return self._fake.requests

    def taken(self) -> Iterator[tuple[int, str]]:
        """How many bodies were taken, and how many requests were known by their ID."""
        yield len(self._fake.bodies), "bodies"
        if self._fake.duplicates:
            yield self._fake.duplicates, "would not count, because their webhook-id was there before"
