"""The fake webhook accepts only signed JSON, and answers with scripted faults."""

from __future__ import annotations

import pytest

from rulewright.runtime.destinations.webhook.fake import FakeWebhook

from .messages import SECRET


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({}, b"{}", 415),
        ({"content-type": "application/json"}, b"{}", 400),
        ({"content-type": "application/json", "webhook-id": "m", "webhook-timestamp": "1"}, b"{}", 400),
        ({"content-type": "application/json", "webhook-id": "m", "webhook-timestamp": "5000"}, b"{}", 401),
    ],
)
def test_the_fake_is_strict(headers: dict[str, str], body: bytes, status: int) -> None:
    assert FakeWebhook(SECRET, now=lambda: 5_000.0).handle(headers, body)[0] == status


def test_the_fake_meets_scripted_faults() -> None:
    fake = FakeWebhook(faults=[503], now=lambda: 5_000.0)
    headers = {"content-type": "application/json", "webhook-id": "m", "webhook-timestamp": "5000"}
    assert [fake.handle(headers, b"nonsense")[0], fake.handle(headers, b"nonsense")[0]] == [503, 400]
    assert [fake.handle(headers, b"{}")[0], fake.handle(headers, b"{}")[0]] == [204, 200]
