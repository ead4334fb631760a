"""Events for the benchmark of delivery: about 700 bytes, 20,000 users, each event told by its number."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from rulewright import Outcome, Request

HTTP_API = "https://api2.amplitude.com/2/httpapi"
USERS = 20_000


def write(path: Path, count: int, seed: int = 1) -> None:
    """So many events as JSON lines."""
    chance = random.Random(seed)
    with path.open("w") as file:
        for number in range(count):
            properties = {f"property_{index}": f"value {chance.random()}" for index in range(12)}
            event = {
                "type": "track",
                "event": f"Product {chance.randrange(30)} Viewed",
                "userId": f"user-{chance.randrange(USERS)}",
                "messageId": f"m-{number:07}",
                "properties": {**properties, "price": chance.random(), "list": [1, 2, 3]},
            }
            file.write(json.dumps(event) + "\n")


def to_request(event: Any) -> Outcome:
    """A mapper by hand that builds what the SDK's side builds."""
    body = {
        "event_type": event["event"],
        "user_id": event["userId"],
        "device_id": "device-1",
        "insert_id": event["messageId"],
        "event_properties": event.get("properties"),
    }
    return Outcome([Request("Track", "logEventV2", "POST", HTTP_API, {"events": [body]}, None)], [], ["Track"])
