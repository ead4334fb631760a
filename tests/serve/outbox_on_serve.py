"""Twenty kills -9 of an outbox, while one request in five fails: what `put` returned for is settled once."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import rulewright
from rulewright.runtime.delivery.store.fates import fates
from rulewright.runtime.delivery.store.queue_status import dead_letters, status
from rulewright.runtime.destinations.amplitude.fake.faults import FaultScript
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.paths import ROOT

from .faults_on_serve import FAULTS, KILLS
from .putting import POISON
from .site import API_KEY, RULES

STEP = 1_000_000
"""Between the first events of two processes: no number is put twice."""


def test_kills_of_an_outbox_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(5)
    queue = tmp_path / "queue.db"
    fake = FakeAmplitude(api_key=API_KEY, draw=FaultScript(FAULTS, every=5, seed=9).draw)
    returned: list[str] = []
    with serving(fake) as url:
        for kill in range(KILLS):
            command = [sys.executable, "-m", "tests.serve.putting", str(queue), url, str(kill * STEP + 1)]
            with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
                assert process.stdout is not None
                left = chance.randrange(1, 60)
                for line in process.stdout:
                    returned.append(line.strip())
                    left -= 1
                    if left == 0:
                        process.kill()
            assert process.returncode == -9
        with rulewright.Outbox(RULES, queue=queue, settings={"apiKey": API_KEY}, base_url=url) as outbox:
            done = outbox.close(timeout=120)
    counts = status(queue, 0.0)
    assert (done.pending, counts.balanced) == (0, True)
    delivered = Counter(str(entry.insert_id) for entry in fake.ledger.entries)
    assert set(delivered.values()) == {1}
    assert counts.delivered == len(delivered)
    assert len(returned) == len(set(returned)) >= KILLS
    poison = {message_id for message_id in returned if int(message_id[2:]) % POISON == 0}
    assert poison and set(returned) - set(delivered) == poison
    for message_id in poison:
        assert [part.state for part in fates(queue, message_id)[0].parts] == ["dead"]
    assert counts.dead == sum("yesterday" in letter.reason for letter in dead_letters(queue))
