"""Rules, events and messages that the tests of the webhook send."""

from __future__ import annotations

from typing import Any

from click.testing import CliRunner, Result

from rulewright.cli import group
from rulewright.runtime.delivery.adapter import Part
from rulewright.runtime.destinations.webhook.adapter import WebhookAdapter
from rulewright.runtime.outcome import Request

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
URL = "https://hooks.example.com/services/T0123/very-secret-path?token=also-secret"
RULES = """
destination webhook
settings { url = "https://hooks.example.com/in" }
mapping "All" -> send {
  when type = "track"
  use defaults
  body = { event: event, user: userId }
  headers = { "X-Library": context.library.name }
}
"""


def event(number: int, **more: Any) -> dict[str, Any]:
    return {"type": "track", "event": "Seen", "userId": f"u-{number % 3}", "messageId": f"m-{number}", **more}


def request(body: dict[str, Any], **more: Any) -> Request:
    return Request("All", "send", "POST", URL, body, None, **more)


def parts_of(sender: WebhookAdapter, *bodies: dict[str, Any], **more: Any) -> list[Part]:
    return [part for at, body in enumerate(bodies) for part in sender.parts(request(body, **more), f"q-{at}")]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(group, [str(argument) for argument in arguments])
