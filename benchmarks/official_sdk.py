"""The official Python SDK as a process: `python -m benchmarks.official_sdk INPUT URL BATCH`; tells counts as JSON.

The SDK sends in the background and says of each event what became of it; this waits until it said so of all, or said
nothing more for longer than its own longest delay.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from typing import Any

from amplitude import Amplitude, BaseEvent, Config

SILENCE = 35.0


def main(source: str, url: str, batch: str) -> None:
    """Send the whole input."""
    said: Counter[int] = Counter()

    def called_back(event: Any, code: int, message: str | None = None) -> None:
        said[code] += 1

    client = Amplitude(
        "a-very-secret-key",
        Config(server_url=url + "/2/httpapi", flush_queue_size=int(batch), callback=called_back),
    )
    client.configuration.logger.setLevel(logging.CRITICAL)
    started = time.perf_counter()
    tracked = 0
    with open(source, "rb") as file:  # noqa: PTH123 -- as an author of a script would
        for line in file:
            event = json.loads(line)
            client.track(
                BaseEvent(
                    event_type=event["event"],
                    user_id=event["userId"],
                    device_id="device-1",
                    insert_id=event["messageId"],
                    event_properties=event.get("properties"),
                )
            )
            tracked += 1
    client.flush()
    last, heard, seconds = -1, time.perf_counter(), 0.0
    while sum(said.values()) < tracked and time.perf_counter() - heard < SILENCE:
        if sum(said.values()) != last:
            last, heard = sum(said.values()), time.perf_counter()
        time.sleep(0.005)
    seconds = (time.perf_counter() if sum(said.values()) >= tracked else heard) - started
    client.shutdown()
    sys.stdout.write(json.dumps({"said": dict(said), "silent": tracked - sum(said.values()), "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
