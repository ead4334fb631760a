"""Twenty kills -9 and a full disk, while one request in five fails behind: what was answered 200 arrives, once."""

from __future__ import annotations

import random
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from rulewright.runtime.delivery.store.fates import fates
from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.destinations.amplitude.fake.faults import TRANSIENT, FaultScript
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude

from .process import Server, serving_process
from .site import API_KEY, RULES, WRITE_KEY

KILLS = 20
CLIENTS = 4
BATCHES = 150
"""Of each client."""
EVENTS = 10
"""In each batch."""
FAULTS = [fault for fault in TRANSIENT if fault != "429-ids"]
"""Without the one that costs half a minute each time."""


def batch(client: int, number: int) -> dict[str, object]:
    events = [
        {
            "type": "track",
            "event": "Shown",
            "userId": f"user-{client}-{(number + place) % 40}",
            "messageId": f"m-{client}-{number}-{place}",
        }
        for place in range(EVENTS)
    ]
    return {"batch": events, "writeKey": WRITE_KEY}


class Clients:
    """Clients that try each batch again until it is answered 200, as Segment's libraries do."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.answered = 0
        self.failed = 0
        self._kill_at: int | None = None
        self._server: Server | None = None
        self._lock = threading.Lock()

    def aim(self, server: Server, answers: int) -> None:
        """Kill the server after so many more answers."""
        with self._lock:
            self._server, self._kill_at = server, self.answered + answers

    def work(self, client: int) -> None:
        connection = httpx.Client(timeout=30)
        for number in range(BATCHES):
            while True:
                try:
                    answer = connection.post(f"{self._address}/v1/batch", json=batch(client, number))
                except httpx.HTTPError:
                    self.failed += 1
                    threading.Event().wait(0.05)
                    continue
                assert answer.status_code in (200, 503), answer.text
                if answer.status_code == 200:
                    break
            with self._lock:
                self.answered += 1
                if self._kill_at is not None and self.answered >= self._kill_at and self._server is not None:
                    self._server.process.kill()
                    self._kill_at = None
        connection.close()


def test_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(17)
    rules, queue = tmp_path / "shop.rules", tmp_path / "queue.db"
    rules.write_text(RULES)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    fake = FakeAmplitude(api_key=API_KEY, draw=FaultScript(FAULTS, every=5, seed=3).draw)
    clients = Clients(f"http://127.0.0.1:{port}")
    kills = 0
    with serving(fake) as url, ThreadPoolExecutor(CLIENTS) as pool:
        work = [pool.submit(clients.work, number) for number in range(CLIENTS)]
        while not all(each.done() for each in work):
            with serving_process(rules, queue, "--no-access-log", base_url=url, port=port) as server:
                if kills < KILLS:
                    clients.aim(server, chance.randrange(5, 40))
                    server.process.wait(120)
                    kills += 1
                else:
                    for each in work:
                        each.result(120)
        with serving_process(rules, queue, "--no-access-log", base_url=url, port=port) as server:
            while status(queue, 0.0).pending:
                assert server.process.poll() is None
            assert server.stop() == 0
    assert kills == KILLS and clients.failed > 0
    total = CLIENTS * BATCHES * EVENTS
    found = status(queue, 0.0)
    assert found.balanced and (found.events, found.delivered, found.dead) == (total, total, 0)
    expected = {
        f"m-{client}-{number}-{place}"
        for client in range(CLIENTS)
        for number in range(BATCHES)
        for place in range(EVENTS)
    }
    delivered = [entry.insert_id for entry in fake.ledger.entries]
    assert len(delivered) == total and set(delivered) == expected
    assert [part.state for part in fates(queue, "m-0-0-0")[0].parts] == ["delivered"]


def test_a_full_disk_refuses_and_loses_nothing(tmp_path: Path) -> None:
    rules, queue = tmp_path / "shop.rules", tmp_path / "queue.db"
    rules.write_text(RULES)
    answered: list[int] = []
    refused = 0
    with serving_process(rules, queue, "--reserve", "0", largest_file=250_000) as server:
        for number in range(80):
            answer = httpx.post(f"{server.address}/v1/batch", json=batch(0, number), timeout=60)
            if answer.status_code == 200:
                answered.append(number)
            else:
                assert answer.status_code == 503 and int(answer.headers["retry-after"]) > 0
                refused += 1
        assert httpx.get(f"{server.address}/healthz").status_code == 200
        server.wait_for("make room and start again|look at the disk")
    assert answered and refused
    assert status(queue, 0.0).pending == EVENTS * len(answered)
    with serving_process(rules, queue) as server:
        for number in range(80):
            httpx.post(f"{server.address}/v1/batch", json=batch(0, number), timeout=60).raise_for_status()
        assert server.stop() == 0
    found = status(queue, 0.0)
    assert (found.pending, found.balanced) == (EVENTS * 80, True)
