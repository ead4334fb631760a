"""What gets lost, ours and the official Python SDK under the same scripted faults: `python -m benchmarks.losses`."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from rulewright.runtime.delivery.store.queue_status import status
from rulewright.runtime.destinations.amplitude.fake.faults import TRANSIENT, FaultScript
from rulewright.runtime.destinations.amplitude.fake.server import serving
from rulewright.runtime.destinations.amplitude.fake.service import FakeAmplitude
from tests.runtime.delivery.simulation import KEY, event

EVENTS = 4_000
BATCH = 50
OUTAGE_SECONDS = 20.0
OUTAGE = "503 for 20 s"
ROOT = Path(__file__).parents[1]


def main() -> int:
    """Print the table of losses, one line for a fault, as Markdown; one request in five fails in that way."""
    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "events.jsonl"
        source.write_text("".join(json.dumps(event(n, f"user-{n % 500}")) + "\n" for n in range(EVENTS)))
        heads = ("one request in five", "Rulewright: lost", "Rulewright: dead letters", "SDK: lost", "SDK: no callback")
        sys.stdout.write(f"| {' | '.join(heads)} |\n")
        sys.stdout.write("|---|---|---|---|---|\n")
        with ThreadPoolExecutor(4) as pool:
            for line in pool.map(lambda fault: row(source, Path(name), fault), (*TRANSIENT, OUTAGE)):
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
    return 0


def script(fault: str) -> Callable[[], str | None]:
    """What the next request meets, from the moment of the first one."""
    if fault != OUTAGE:
        return FaultScript([fault], every=5, seed=3).draw
    until: list[float] = []

    def draw() -> str | None:
        if not until:
            until.append(time.monotonic() + OUTAGE_SECONDS)
        return "503" if time.monotonic() < until[0] else None

    return draw


def row(source: Path, folder: Path, fault: str) -> str:
    """One fault, both sides."""
    ours = FakeAmplitude(api_key=KEY, draw=script(fault))
    with serving(ours) as url:
        command = [sys.executable, "-m", "tests.runtime.delivery.sending", str(source), str(folder / f"{fault}.db")]
        subprocess.run([*command, url, str(BATCH)], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
    theirs = FakeAmplitude(api_key=KEY, draw=script(fault))
    with serving(theirs) as url:
        command = [sys.executable, "-m", "benchmarks.official_sdk", str(source), url, str(BATCH)]
        told = json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)
    counts = status(folder / f"{fault}.db", time.time())
    lost, lost_by_sdk = EVENTS - len(ours.ledger.entries) - counts.dead, EVENTS - len(theirs.ledger.entries)
    return f"| `{fault}` | {lost} | {counts.dead} | {lost_by_sdk} | {told['silent']} |"


if __name__ == "__main__":
    sys.exit(main())
