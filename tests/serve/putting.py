"""Puts events into an outbox until it is killed, for a test: `python -m tests.serve.putting QUEUE URL FIRST`."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from typing import Any

import rulewright

from .site import API_KEY, RULES

THREADS = 4
POISON = 17
"""Of one event in so many no request can be made."""


def event(number: int) -> dict[str, Any]:
    """An event whose message ID is its number."""
    event = {"type": "track", "event": "Shown", "userId": f"user-{number % 40}", "messageId": f"m-{number}"}
    return event if number % POISON else {**event, "timestamp": "yesterday"}


def main(queue: str, url: str, first: int) -> None:
    """Put events from several threads until killed, and write each ID once `put` has returned it."""
    outbox = rulewright.Outbox(RULES, queue=queue, settings={"apiKey": API_KEY}, base_url=url)

    def put(numbers: Iterator[int]) -> None:
        for number in numbers:
            os.write(1, f"{outbox.put(event(number))}\n".encode())

    for place in range(THREADS):
        threading.Thread(target=put, args=(iter(range(first + place, sys.maxsize, THREADS)),)).start()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
