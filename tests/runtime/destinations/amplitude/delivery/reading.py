"""What the sender reads in an answer to a request of four events."""

from __future__ import annotations

import json
from typing import Any

from rulewright.runtime.delivery.adapter import Answer, Route
from rulewright.runtime.delivery.redaction import Redactor
from rulewright.runtime.destinations.amplitude.delivery.answers import disposition

BODIES = [
    json.dumps({"user_id": f"user-{index}", "device_id": f"device-{index}", "event_type": "a"}).encode()
    for index in range(4)
]


def read(
    status: int,
    body: Any,
    kind: str = "events",
    headers: dict[str, str] | None = None,
    failure: str = "",
    key: str = "a-key-of-nobody",
) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    answer = Answer(status, headers or {}, content, failure)
    return disposition(Route(kind, "POST", "https://x/"), BODIES, answer, Redactor([key]))
