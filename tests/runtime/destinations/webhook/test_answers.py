"""What each answer asks of the sender, which shows no secret of it."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.runtime.delivery.adapter import Answer
from rulewright.runtime.delivery.disposition import Delivered, Retry, Stop, TooLarge, Unexplained
from rulewright.runtime.destinations.webhook.answers import disposition
from rulewright.runtime.destinations.webhook.delivery_factory import adapter
from rulewright.runtime.destinations.webhook.settings import WebhookSettings

from .messages import SECRET, URL, parts_of


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        *((status, Delivered) for status in (200, 201, 202, 204, 299)),
        *((status, Retry) for status in (301, 302, 307, 308, 404, 405, 408, 425, 429, 500, 502, 503, 504, 599)),
        *((status, Stop) for status in (401, 403, 407, 410)),
        (413, TooLarge),
        *((status, Unexplained) for status in (400, 402, 406, 409, 415, 418, 422, 451)),
    ],
)
def test_what_each_status_asks_for(status: int, expected: type) -> None:
    assert type(disposition(Answer(status, {}, b"no"))) is expected


@pytest.mark.parametrize(
    ("answer", "retry"),
    [
        (Answer(429, {"retry-after": "7"}, b""), {"after": 7.0, "overload": True, "maybe_accepted": False}),
        (Answer(503, {"retry-after": "7"}, b""), {"after": 7.0, "overload": True, "maybe_accepted": False}),
        (Answer(500, {"retry-after": "7"}, b""), {"after": 7.0, "maybe_accepted": True, "fatal": False}),
        (Answer(404, {}, b""), {"fatal": True, "maybe_accepted": False}),
        (Answer(302, {"location": "https://other.example"}, b""), {"fatal": True}),
        (Answer(0, {}, b"", "timeout"), {"overload": True, "maybe_accepted": True}),
        (Answer(0, {}, b"", "no connection"), {"overload": False}),
    ],
)
def test_how_an_answer_is_retried(answer: Answer, retry: dict[str, Any]) -> None:
    decision = disposition(answer)
    assert isinstance(decision, Retry)
    assert {name: getattr(decision, name) for name in retry} == retry


def test_an_answer_that_repeats_a_secret_is_redacted() -> None:
    sender = adapter(WebhookSettings(url=URL, authorization="Bearer abc-def-ghi", signingSecret=SECRET))
    words = f"no route for /services/T0123/very-secret-path, token=also-secret, {SECRET}, Bearer abc-def-ghi"
    (part,) = parts_of(sender, {"a": 1})
    decision = sender.disposition(part.route, [part.body], Answer(400, {}, words.encode()))
    assert isinstance(decision, Unexplained)
    for secret in ("very-secret-path", "also-secret", SECRET, "abc-def-ghi"):
        assert secret not in decision.reason.message
