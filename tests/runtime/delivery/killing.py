"""A sender in a process of its own that is killed while it sends, and what is delivered in the end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

from rulewright.runtime.delivery.store.queue_status import QueueStatus, status
from rulewright.runtime.destinations.amplitude.fake.faults import TRANSIENT, FaultScript
from rulewright.runtime.destinations.amplitude.fake.ledger import LedgerEntry
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.paths import ROOT

from .simulation import KEY

USERS = 400
FAULTS = [fault for fault in TRANSIENT if fault != "429-ids"]
"""Without the one that costs half a minute each time."""


class Executioner:
    """Kills the sender's process in the middle of its so many-th request."""

    def __init__(self, script: FaultScript) -> None:
        self._script = script
        self._left = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def aim(self, process: subprocess.Popen[bytes], requests: int) -> None:
        with self._lock:
            self._process, self._left = process, requests

    def draw(self) -> str | None:
        with self._lock:
            self._left -= 1
            if self._left == 0 and self._process is not None:
                self._process.kill()
        return self._script.draw()


def sent_with_kills(source: Path, queue: Path, aims: list[int]) -> tuple[QueueStatus, list[LedgerEntry]]:
    """The queue and the ledger after an input whose sender is killed, once for each aim, in its so many-th request."""
    executioner = Executioner(FaultScript(FAULTS, every=5, seed=7))
    fake = FakeAmplitude(api_key=KEY, draw=executioner.draw)
    with serving(fake) as url:
        command = [sys.executable, "-m", "tests.runtime.delivery.sending", str(source), str(queue), url]
        for requests in [*aims, None]:
            process = subprocess.Popen(command, cwd=ROOT)
            if requests is not None:
                executioner.aim(process, requests)
            assert process.wait(timeout=120) == (0 if requests is None else -9)
            counts = status(queue, time.time())
            assert counts.balanced
            assert counts.delivered <= len(fake.ledger.entries)
    return counts, fake.ledger.entries
