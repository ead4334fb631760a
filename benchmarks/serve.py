"""`rulewright serve` under load: events durably accepted in a second of one core, and how long an answer takes.

`python -m benchmarks.serve` starts a server that only accepts, on one processor, and posts to it from another. It
prints a table for batches, as Segment's libraries send them, and for single events, as browsers do.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from rulewright.runtime.delivery.store.queue_status import status

from .delivery_events import write as write_events

RULES = "rules/amplitude/presets.rules"
KEY = "benchmark"
ID = "the-id-of-an-event"
SECONDS = 8.0
WARM_SECONDS = 2.0
GOAL = 5_000
"""Events in a second of one core."""


class Result(NamedTuple):
    """What one run gave."""

    events: int
    seconds: float
    cpu: float
    latencies: list[float]

    def quantile(self, share: float) -> float:
        """Seconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, int, Path]]:
    """Address, process and queue of a server on the first processor."""
    queue = folder / "queue.db"
    command = [sys.executable, "-m", "rulewright", "serve", RULES, "--queue", str(queue), "--port", "0", "--no-send"]
    process = subprocess.Popen(
        [*command, "--no-access-log", "--write-key", f"web={KEY}"],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "AMPLITUDE_API_KEY": "unused"},
    )
    os.sched_setaffinity(process.pid, {0})
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split()[-1]
        yield address, process.pid, queue
    finally:
        process.terminate()
        process.wait()


def cpu_seconds(process: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Load:
    """Clients that post prepared events, each with an ID of its own."""

    def __init__(self, address: str, batch: int) -> None:
        self._host = urlsplit(address)
        self._batch = batch
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "events.jsonl"
            write_events(path, 400)
            events = [json.loads(line) for line in path.read_text().splitlines()]
        self._events = [json.dumps({**event, "messageId": ID}) for event in events]
        self._number = 0
        self.latencies: list[float] = []
        self.accepted = 0

    def _request(self) -> bytes:
        parts = []
        for _ in range(self._batch):
            self._number += 1
            parts.append(self._events[self._number % len(self._events)].replace(ID, f"m-{self._number}"))
        if self._batch == 1:
            path, body = "/v1/track", f'{parts[0][:-1]},"writeKey":"{KEY}"}}'
        else:
            path, body = "/v1/batch", f'{{"writeKey":"{KEY}","batch":[{",".join(parts)}]}}'
        content = body.encode()
        return f"POST {path} HTTP/1.1\r\nHost: here\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content

    async def _post(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, due: float) -> None:
        writer.write(self._request())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        await reader.readexactly(17)
        self.latencies.append(time.perf_counter() - due)
        self.accepted += self._batch

    async def closed(self, connections: int, seconds: float) -> None:
        """As many as the server takes: each connection posts again when it is answered."""
        end = time.perf_counter() + seconds

        async def work() -> None:
            reader, writer = await asyncio.open_connection(self._host.hostname, self._host.port)
            while (now := time.perf_counter()) < end:
                await self._post(reader, writer, now)
            writer.close()

        await asyncio.gather(*(work() for _ in range(connections)))

    async def paced(self, connections: int, seconds: float, rate: float) -> None:
        """So many events a second; the time of an answer counts from when its request was due."""
        idle: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
        for _ in range(connections):
            idle.put_nowait(await asyncio.open_connection(self._host.hostname, self._host.port))
        start = time.perf_counter()
        tasks = set()

        async def one(due: float) -> None:
            connection = await idle.get()
            await self._post(*connection, due)
            idle.put_nowait(connection)

        for number in range(int(seconds * rate / self._batch)):
            due = start + number * self._batch / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            tasks.add(asyncio.create_task(one(due)))
        await asyncio.gather(*tasks)


def measure(batch: int, rate: float | None) -> Result:
    """One run against a new server."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as (address, process, queue):
        load = Load(address, batch)

        async def run(seconds: float) -> None:
            if rate is None:
                await load.closed(64 if batch == 1 else 8, seconds)
            else:
                await load.paced(64, seconds, rate)

        asyncio.run(run(WARM_SECONDS))
        before, cpu, start = load.accepted, cpu_seconds(process), time.perf_counter()
        load.latencies.clear()
        asyncio.run(run(SECONDS))
        seconds = time.perf_counter() - start
        used = cpu_seconds(process) - cpu
        assert status(queue, time.time()).events == load.accepted
        return Result(load.accepted - before, seconds, used, load.latencies)


def main() -> None:
    """Print the table."""
    os.sched_setaffinity(0, set(range(1, os.cpu_count() or 1)) or {0})
    write = sys.stdout.write
    write("| events in a request | | events/s | events in a second of its core | p50 ms | p99 ms |\n")
    write("|---|---|---|---|---|---|\n")
    for batch in (100, 20, 1):
        for name, rate in (("as many as it takes", None), (f"{GOAL // 3:,} a second", GOAL / 3)):
            result = measure(batch, rate)
            write(
                f"| {batch} | {name} | {result.events / result.seconds:,.0f} | {result.events / result.cpu:,.0f} |"
                f" {result.quantile(0.5) * 1000:.1f} | {result.quantile(0.99) * 1000:.1f} |\n"
            )
            sys.stdout.flush()


if __name__ == "__main__":
    main()
