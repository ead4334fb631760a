"""The long run: a million events, one request in five failing, fifty kills -9, and the ledger reconciled at the end.

usage: python -m benchmarks.soak [--events N] [--kills N] [--minutes N] [--folder F]

A run that its time ended goes on when it is started again with the same folder.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rulewright.runtime.delivery.store.queue_status import QueueStatus, status
from rulewright.runtime.destinations.amplitude.fake.faults import TRANSIENT, FaultScript
from rulewright.runtime.destinations.amplitude.fake.ledger import FakeLedger
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.runtime.delivery.killing import Executioner
from tests.runtime.delivery.simulation import KEY, event

USERS = 20_000
BATCH = 200
BAD_EVERY = 9_973
ROOT = Path(__file__).parents[1]


def main() -> int:
    """Run, reconcile, and print one JSON object; 0 when all is as promised."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="rulewright-soak-"))
    folder.mkdir(parents=True, exist_ok=True)
    source = folder / "events.jsonl"
    if not source.exists():
        write_events(source, options.events, options.seed)
    result = run(folder, source, options.events, options.kills, options.minutes * 60, options.seed)
    sys.stdout.write(json.dumps(result) + "\n")
    return 0 if result["as_promised"] else 1


def write_events(source: Path, count: int, seed: int) -> None:
    """Events with their number in their messageId; now and then a line that is not JSON."""
    chance = random.Random(seed)
    with source.open("w") as file:
        for number in range(count):
            user = f"user-{chance.randrange(USERS)}"
            bad = number % BAD_EVERY == 0
            file.write("not json\n" if bad else json.dumps(event(number, user, properties={"n": number})) + "\n")


def run(
    folder: Path, source: Path, events: int, kills: int, seconds: float, seed: int, faults: Sequence[str] = TRANSIENT
) -> dict[str, object]:
    """Send until nothing is pending or the time is up, killing on the way."""
    queue, kept = folder / "queue.db", folder / "ledger.jsonl"
    started = time.monotonic()
    chance = random.Random(time.time_ns())
    executioner = Executioner(FaultScript(faults, every=5, seed=chance.randrange(2**32)))
    fake = FakeAmplitude(api_key=KEY, draw=executioner.draw)
    if kept.exists():
        with kept.open("rb") as file:
            fake.ledger.restore(file)
    count_file = folder / "kills"
    killed = int(count_file.read_text()) if count_file.exists() else 0
    apart = max(2, 2 * events // BATCH // max(1, kills))
    unbalanced = 0
    with serving(fake) as url:
        command = [sys.executable, "-m", "tests.runtime.delivery.sending", str(source), str(queue), url, str(BATCH)]
        while True:
            process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
            if killed < kills:
                executioner.aim(process, chance.randrange(1, apart))
            try:
                code = process.wait(timeout=max(1.0, started + seconds - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGKILL)
                process.wait()
                break
            unbalanced += not status(queue, time.time()).balanced
            if code == -9:
                killed += 1
                count_file.write_text(str(killed))
            else:
                break
    kept.write_bytes(b"".join(fake.ledger.lines()))
    queue_counts = status(queue, time.time())
    return {
        **reconcile(fake.ledger, queue_counts, events),
        "kills": killed,
        "unbalanced": unbalanced,
        "exit": code,
        "seconds": round(time.monotonic() - started),
        "requests": sum(fake.requests.values()),
        "failed_requests": sum(fake.requests.values()) - fake.requests["none"],
        "offered_again": fake.ledger.duplicates,
    }


def reconcile(ledger: FakeLedger, queue_counts: QueueStatus, events: int) -> dict[str, object]:
    """Hold the ledger against what was sent, by number, and against the queue's accounts."""
    bad = (events + BAD_EVERY - 1) // BAD_EVERY
    counts = [0] * events
    order: dict[str | None, int] = {}
    overtaken = 0
    for entry in ledger.entries:
        number = int((entry.insert_id or "m-0")[2:])
        counts[number] += 1
        overtaken += order.get(entry.user_id, -1) >= number
        order[entry.user_id] = number
    delivered = sum(count > 0 for count in counts)
    doubled = sum(count > 1 for count in counts)
    as_promised = (
        queue_counts.balanced
        and queue_counts[:4] == (events, events - queue_counts.dead, queue_counts.dead, 0)
        and delivered == events - queue_counts.dead
        and queue_counts.dead_codes.get("not_json") == bad
        and not doubled
        and not overtaken
    )
    return {
        "as_promised": as_promised,
        "accepted": queue_counts.accepted,
        "delivered": queue_counts.delivered,
        "dead": queue_counts.dead,
        "dead_codes": queue_counts.dead_codes,
        "pending": queue_counts.pending,
        "in_ledger": delivered,
        "doubled": doubled,
        "overtaken": overtaken,
    }


if __name__ == "__main__":
    sys.exit(main())
