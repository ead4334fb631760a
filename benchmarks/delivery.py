"""Delivery against the official Python SDK on loopback, in turn in one run: `python -m benchmarks.delivery`.

Both read the same file, build the same events and talk to the same kind of fake, which checks every event. Ours
puts each on disk first. The SDK runs as it comes, and with requests as large as ours; the faster is the yardstick.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import delivery_events

ROOT = Path(__file__).parents[1]
SDK_BATCHES = (200, 1_000)


def main() -> int:
    """Print one JSON object: events a second, their ratio, and memory at two sizes of the input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=60_000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, large = folder / "small.jsonl", folder / "large.jsonl"
        delivery_events.write(small, options.events)
        delivery_events.write(large, 4 * options.events)
        ratios, ours, theirs = [], [], []
        for number in range(options.rounds):
            sdk = max(options.events / sdk_seconds(small, batch) for batch in SDK_BATCHES)
            seconds, _ = our_run(small, folder / f"{number}.db")
            theirs.append(round(sdk))
            ours.append(round(options.events / seconds))
            ratios.append(options.events / seconds / sdk)
        _, memory = our_run(small, folder / "small.db")
        _, memory_of_four = our_run(large, folder / "large.db")
    result = {
        "events": options.events,
        "events_per_second": ours,
        "official_sdk": theirs,
        "ratio": round(statistics.median(ratios), 2),
        "peak_mb": memory,
        "peak_mb_four_times_the_events": memory_of_four,
    }
    sys.stdout.write(json.dumps(result) + "\n")
    return 0 if result["ratio"] >= 2 else 1


def sdk_seconds(source: Path, batch: int) -> float:
    """Seconds until the SDK has said of every event that it was delivered."""
    with Served() as url:
        command = [sys.executable, "-m", "benchmarks.official_sdk", str(source), url, str(batch)]
        told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    if told["silent"] or set(told["said"]) != {"200"}:
        raise RuntimeError(f"the SDK did not deliver everything: {told}")
    return float(told["seconds"])


def our_run(source: Path, queue: Path) -> tuple[float, int]:
    """Seconds from the first line read to the last answer committed, and peak memory in MB."""
    with Served() as url:
        command = [sys.executable, "-m", "benchmarks.delivery_worker", str(source), str(queue), url]
        told = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    return float(told["seconds"]), int(told["peak_mb"])


class Served:
    """A healthy fake in a process of its own."""

    def __enter__(self) -> str:
        self._process = subprocess.Popen(
            [sys.executable, "-u", "-m", "rulewright", "amplitude", "double", "--port", "0"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        return self._process.stdout.readline().decode().split()[-1]

    def __exit__(self, *problem: object) -> None:
        self._process.terminate()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()


def work(source: str, queue: str, url: str) -> None:
    """The process that sends for us. Its client is ready before the clock starts, as the SDK's is."""
    from rulewright.runtime.delivery.deliver import Options, deliver
    from rulewright.runtime.delivery.transport.exchange import HttpExchange
    from rulewright.runtime.destinations.amplitude.delivery.keys import Keys
    from rulewright.runtime.destinations.amplitude.delivery.routes import AmplitudeDelivery
    from tests.runtime.delivery.simulation import KEY

    adapter = AmplitudeDelivery(Keys(KEY), url)
    exchange = HttpExchange(connections=Options().connections)
    started = time.perf_counter()
    report = deliver(delivery_events.to_request, Path(source), queue=queue, adapter=adapter, exchange=exchange)
    seconds = time.perf_counter() - started
    assert not report.totals.pending and not report.totals.dead
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    sys.exit(main())
