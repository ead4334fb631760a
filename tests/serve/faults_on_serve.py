"""Kills -9 and a full disk, while one request in five fails behind: what was answered 200 arrives, once."""

from __future__ import annotations

import errno
import os
import random
import socket
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import httpx
import pytest

from rulewright.runtime.delivery.store.fates import fates
from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.destinations.amplitude.fake.faults import TRANSIENT, FaultScript
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude

from .process import Server, serving_process
from .site import API_KEY, RULES, WRITE_KEY

KILLS = 20
DISK_BYTES = 48_000_000
REFUSALS = 20
"""Answers of a server whose disk is full, before there is room again."""
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
        self.answered = self.refused = self.failed = 0
        self._kill_at: int | None = None
        self._server: Server | None = None
        self._changed = threading.Condition()
        self._given_up = threading.Event()

    def aim(self, server: Server, answers: int) -> None:
        """Kill the server after so many more answers."""
        with self._changed:
            self._server, self._kill_at = server, self.answered + answers

    def wait_for_refusals(self, number: int) -> None:
        """Return after so many more answers 503."""
        with self._changed:
            most = self.refused + number
            assert self._changed.wait_for(lambda: self.refused >= most, 120)

    def give_up(self) -> None:
        """Bring nothing more, because the test has failed."""
        self._given_up.set()

    def work(self, client: int) -> None:
        connection = httpx.Client(timeout=30)
        for number in range(BATCHES):
            while not self._given_up.is_set():
                try:
                    answer = connection.post(f"{self._address}/v1/batch", json=batch(client, number))
                except httpx.HTTPError:
                    self.failed += 1
                    self._given_up.wait(0.05)
                    continue
                assert answer.status_code in (200, 503), answer.text
                if answer.status_code == 200:
                    break
                with self._changed:
                    self.refused += 1
                    self._changed.notify_all()
                self._given_up.wait(0.05)
            with self._changed:
                self.answered += 1
                if self._kill_at is not None and self.answered >= self._kill_at and self._server is not None:
                    self._server.process.kill()
                    self._kill_at = None
        connection.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own, as a folder."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("to mount a small disk needs Linux and root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def empty_log(queue: Path) -> None:
    """Take from SQLite the room of its write-ahead log, which it uses again, so that a full disk is one for it too."""
    with closing(sqlite3.connect(queue, timeout=120)) as connection:
        (is_busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert not is_busy


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """The disk has not one byte left until the end of the block."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1_000_000, 4_096):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                assert error.errno == errno.ENOSPC
    assert os.statvfs(disk).f_bavail == 0
    yield
    ballast.unlink()


def test_kills_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    endure(tmp_path, kills=6, disk=None)


def test_kills_and_a_disk_that_is_full_again_and_again_lose_nothing_and_double_nothing(
    tmp_path: Path, small_disk: Path
) -> None:
    endure(tmp_path, kills=KILLS, disk=small_disk)


def endure(folder: Path, kills: int, disk: Path | None) -> None:
    """Clients bring events until all are accepted; servers are killed, and before every third kill the disk is full."""
    chance = random.Random(17)
    rules, queue = folder / "shop.rules", (disk or folder) / "queue.db"
    rules.write_text(RULES)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    fake = FakeAmplitude(api_key=API_KEY, draw=FaultScript(FAULTS, every=5, seed=3).draw)
    clients = Clients(f"http://127.0.0.1:{port}")
    killed = 0
    with serving(fake) as url, ThreadPoolExecutor(CLIENTS) as pool:
        work = [pool.submit(clients.work, number) for number in range(CLIENTS)]
        try:
            while not all(each.done() for each in work):
                with serving_process(
                    rules, queue, "--no-access-log", "--reserve", "0", base_url=url, port=port
                ) as server:
                    if killed < kills:
                        if disk is not None and killed % 3 == 2:
                            empty_log(queue)
                            with filled(disk):
                                clients.wait_for_refusals(REFUSALS)
                            assert server.process.poll() is None
                        clients.aim(server, chance.randrange(5, 25))
                        server.process.wait(120)
                        killed += 1
                    else:
                        for each in work:
                            each.result(120)
        finally:
            clients.give_up()
        with serving_process(rules, queue, "--no-access-log", base_url=url, port=port) as server:
            while status(queue, 0.0).pending:
                assert server.process.poll() is None
            assert server.stop() == 0
    assert killed == kills and clients.failed > 0
    assert disk is None or clients.refused >= kills // 3 * REFUSALS
    total = CLIENTS * BATCHES * EVENTS
    counts = status(queue, 0.0)
    assert counts.balanced and (counts.events, counts.delivered, counts.dead) == (total, total, 0)
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
    counts = status(queue, 0.0)
    assert (counts.pending, counts.balanced) == (EVENTS * 80, True)
