"""Settings of the webhook are checked, and no message shows their values."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.runtime.destinations.webhook.delivery_factory import adapter
from rulewright.runtime.destinations.webhook.settings import WebhookSettings, settings_of

from .messages import SECRET, URL, parts_of


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"urll": "https://a.example"}, "did you mean `url`"),
        ({"url": "hooks.example.com"}, "expected an address"),
        ({"url": "ftp://a.example"}, "expected an address"),
        ({"url": "https://a:b@c.example"}, "use `authorization`"),
        ({"url": "https://a.example/#x"}, "fragment"),
        ({"batch_size": 5}, "did you mean `batchSize`"),
        ({5: "a"}, "expected a name that is a string"),
        ({"batchSize": 0}, "from 1 to 1,000"),
        ({"batchSize": 1.5}, "from 1 to 1,000"),
        ({"batchSize": True}, "from 1 to 1,000"),
        ({"authorization": "a\nb"}, "printable ASCII"),
        ({"signingSecret": 5}, "expected a string"),
    ],
)
def test_settings_that_cannot_be_are_refused_without_their_value(settings: dict[Any, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as raised:
        settings_of(settings)
    assert "a:b" not in str(raised.value)


def test_a_wrong_setting_of_the_environment_is_named_by_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WEBHOOK_URL", "hooks.example.com")
    with pytest.raises(ValueError, match="settings of webhook: WEBHOOK_URL: expected an address"):
        settings_of()
    assert settings_of({"url": "https://hooks.example.com"}).url == "https://hooks.example.com"


def test_sending_needs_an_address_and_a_real_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="WEBHOOK_URL is not set"):
        adapter(settings_of())
    with pytest.raises(ValueError, match="would get the events unencrypted"):
        adapter(WebhookSettings(url="http://hooks.example.com/"))
    adapter(WebhookSettings(url="http://hooks.example.com/"), insecure=True)
    adapter(WebhookSettings(url="http://127.0.0.1:8080/"))
    with pytest.raises(ValueError, match="not base64") as raised:
        adapter(WebhookSettings(url=URL, signingSecret="whsec_not base64!"))
    assert "not base64!" not in str(raised.value)
    monkeypatch.setenv("WEBHOOK_SIGNING_SECRET", SECRET)
    (part,) = parts_of(sender := adapter(WebhookSettings(url=URL, signingSecret="API_KEY")), {"a": 1})
    assert "webhook-signature" in sender.join(part.route, [part.body]).headers
