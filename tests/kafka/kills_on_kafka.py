"""kill -9 of the consumer and of the broker while one request in five fails: the ledger is reconciled event by event.

EVENTS=200000 in the environment makes it the long run.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from pathlib import Path

from rulewright.runtime.delivery.store.queue_status import dead_letters, status
from rulewright.runtime.destinations.amplitude.fake.faults import FaultScript
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.runtime.delivery.killing import FAULTS

from ..paths import ROOT
from ..runtime.delivery.simulation import KEY
from .broker import Broker, bucket
from .cluster import events_of, produce

EVENTS = int(os.environ.get("EVENTS", "20000"))
USERS = 400
PARTITIONS = 6
KILLS = 6
"""Of the consumer; the broker is killed at every second of them."""
POISON = range(0, EVENTS, 1_999)


class Executioner:
    """Kills the consumer, and in turn the broker, in the middle of a request."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._script = FaultScript([fault for fault in FAULTS if fault != "slow"], every=5, seed=7)
        self._lock = threading.Lock()
        self._left = 0
        self._process: subprocess.Popen[bytes] | None = None
        self.broker_kills = 0

    def aim(self, process: subprocess.Popen[bytes], requests: int, *, at_broker: bool) -> None:
        with self._lock:
            self._process, self._left, self._at_broker = process, requests, at_broker

    def draw(self) -> str | None:
        with self._lock:
            self._left -= 1
            if self._left == 0 and self._process is not None:
                if self._at_broker:
                    self._broker.kill()
                    self._broker.start()
                    self.broker_kills += 1
                    # The consumer goes on with the broker that has begun again, and is killed later.
                    self._at_broker, self._left = False, 5
                else:
                    self._process.kill()
        return self._script.draw()


def test_kills_of_consumer_and_broker_lose_nothing_double_nothing_and_keep_order(tmp_path: Path) -> None:
    chance = random.Random(11)
    queue = tmp_path / "queue.db"
    messages = events_of(range(EVENTS), USERS)
    for number in POISON:
        messages[number] = (messages[number][0], b"not JSON")
    with bucket() as store, Broker(store, tmp_path / "broker.log") as broker:
        broker.create("events", PARTITIONS)
        produce(broker.address, "events", messages)
        executioner = Executioner(broker)
        fake = FakeAmplitude(api_key=KEY, draw=executioner.draw)
        with serving(fake) as url:
            topic = f"kafka://{broker.address}/events?group=g&session.timeout.ms=6000&heartbeat.interval.ms=1000"
            command = [sys.executable, "-m", "tests.kafka.sending", topic, str(queue), url]
            killed = 0
            while True:
                process = subprocess.Popen(command, cwd=ROOT)
                if killed < KILLS:
                    executioner.aim(process, chance.randrange(2, 3 + EVENTS // 4_000), at_broker=killed % 2 == 1)
                code = process.wait(timeout=900)
                counts = status(queue, time.time())
                assert counts.balanced
                assert counts.delivered <= len(fake.ledger.entries)
                if code == 0:
                    break
                assert code == -9
                killed += 1
    assert (killed, executioner.broker_kills) == (KILLS, KILLS // 2)
    good = [number for number in range(EVENTS) if number not in POISON]
    assert (counts.accepted, counts.delivered, counts.dead, counts.pending) == (EVENTS, len(good), len(POISON), 0)
    assert sum(counts.inputs.values()) == EVENTS
    ids = [str(entry.insert_id) for entry in fake.ledger.entries]
    assert sorted(ids) == [f"m-{number:06}" for number in good]
    order: dict[str | None, str] = {}
    for entry in fake.ledger.entries:
        assert order.get(entry.user_id, "") < str(entry.insert_id)
        order[entry.user_id] = str(entry.insert_id)
    assert {letter.code for letter in dead_letters(queue)} == {"not_json"}
    assert all("topic events, partition" in letter.reason for letter in dead_letters(queue))
