"""Bodies share requests by their settings and headers, and each attempt has the same ID and bytes."""

from __future__ import annotations

import pytest

from rulewright.runtime.destinations.webhook.adapter import WebhookAdapter
from rulewright.runtime.destinations.webhook.delivery_factory import adapter
from rulewright.runtime.destinations.webhook.settings import WebhookSettings

from .messages import SECRET, URL, parts_of


def test_each_attempt_has_the_same_id_and_bytes_and_a_signature_of_its_own_time() -> None:
    now = [1_000.0]
    sender = WebhookAdapter(WebhookSettings(url=URL, batchSize=10, signingSecret=SECRET), now=lambda: now[0])
    parts = parts_of(sender, {"a": 1}, {"a": 2})
    first = sender.join(parts[0].route, [part.body for part in parts])
    now[0] = 1_030.0
    second = sender.join(parts[0].route, [part.body for part in parts])
    assert first.body == second.body == b'[{"a":1},{"a":2}]'
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]
    assert first.url == URL


@pytest.mark.parametrize(("size", "body"), [(1, b'{"a":1}'), (2, b'[{"a":1}]')])
def test_a_request_is_a_body_or_a_list_of_bodies_by_the_setting(size: int, body: bytes) -> None:
    sender = adapter(WebhookSettings(url=URL, batchSize=size))
    (part,) = parts_of(sender, {"a": 1})
    assert sender.join(part.route, [part.body]).body == body
    assert sender.limits(part.route).count == size


def test_bodies_share_a_request_only_with_the_same_headers() -> None:
    sender = adapter(WebhookSettings(url=URL, batchSize=10))
    routes = {parts_of(sender, {}, added_headers={"x": value})[0].route for value in ("1", "1", "2")}
    assert len(routes) == 2


def test_the_route_holds_no_secret_and_never_decides_where_requests_go() -> None:
    sender = adapter(WebhookSettings(url=URL, authorization="Bearer abc-def-ghi"))
    (part,) = parts_of(sender, {"a": 1})
    assert part.route.url == "https://hooks.example.com"
    elsewhere = type(part.route)(part.route.kind, "POST", "https://evil.example/")
    assert sender.accepts(elsewhere)
    assert sender.join(elsewhere, [part.body]).url == URL
    assert "abc" not in repr(sender.join(part.route, [part.body]))
