"""The settings of the webhook: where it is, how many bodies one request holds, and its secrets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from ...destination import Variable
from ...settings import read_settings

URL_PLACEHOLDER = "WEBHOOK_URL"
"""The address in requests where none is known: mapping needs none, and sending refuses it."""
LARGEST_BATCH = 1_000
"""Bodies that one request may hold at most."""

DESCRIPTIONS = {
    "url": "The address that requests go to. It never comes from an event.",
    "batchSize": f"The largest number of bodies in one request, from 1 to {LARGEST_BATCH:,}. With 1, the default, a "
    "request is the body itself; with more, it is a list of bodies.",
    "signingSecret": "Signs each request by Standard Webhooks: base64, with or without `whsec_` before it.",
    "authorization": "The header `Authorization`, such as `Bearer …`.",
}
VARIABLES = (
    Variable("WEBHOOK_URL", "url"),
    Variable("WEBHOOK_SIGNING_SECRET", "signingSecret"),
    Variable("WEBHOOK_AUTHORIZATION", "authorization"),
)
SECRETS = frozenset({"signingSecret", "authorization"})


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """The settings of the destination, under their keys in rule files. Their `repr` shows no secret."""

    url: str | None = field(default=None, repr=False)
    batchSize: int = 1
    signingSecret: str | None = field(default=None, repr=False)
    authorization: str | None = field(default=None, repr=False)


def settings_of(given: WebhookSettings | Mapping[str, Any] | None = None) -> WebhookSettings:
    """Settings from arguments and, for those not given, from the environment. Raises ValueError, without a secret."""
    if isinstance(given, WebhookSettings):
        return given
    values = read_settings("webhook", given, VARIABLES, DESCRIPTIONS, setting_problem)
    return WebhookSettings(**values)


def setting_problem(key: str, value: Any) -> str | None:
    """What is wrong with the value of a setting, which the text does not show; None if nothing is wrong."""
    if key == "batchSize":
        whole = type(value) is int or (type(value) is float and value.is_integer())
        return None if whole and 1 <= value <= LARGEST_BATCH else f"expected a whole number from 1 to {LARGEST_BATCH:,}"
    if not isinstance(value, str):
        return "expected a string"
    if not value.isascii() or not value.isprintable():
        return "expected printable ASCII characters"
    return _problem_of_url(value) if key == "url" else None


def _problem_of_url(url: str) -> str | None:
    """What is wrong with an address; the text does not show it, because the path of a webhook is often a secret."""
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and " " not in url
    except ValueError:
        is_address = False
    if not is_address:
        return "expected an address such as `https://hooks.example.com/events`"
    if "@" in parts.netloc:
        return "the address holds a user name or password; use `authorization`"
    return "the address has a fragment, which would not be sent; leave out `#` and what follows" if "#" in url else None
