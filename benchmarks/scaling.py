"""How `rulewright run` scales: with workers, with the size of a file, from gzip; and `send` against Amplitude's SDK."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.curves import PRESETS, Curve
from benchmarks.workers import ROOT

_COPIES = 4
"""So many times the events make a file that takes longer than a start."""
_COPIES_FOR_WORKERS = 12
"""A start, which workers do not share, is a twentieth of a run over so many. Two, three, four and six divide it."""
_ROUNDS = 7


def run_command(path: Path, *options: str) -> list[str]:
    """`rulewright run` of the presets, which writes nothing."""
    return [sys.executable, "-m", "rulewright", "run", str(PRESETS), str(path), "-o", os.devnull, *options]


def many(events: Path, copies: int, folder: Path) -> Path:
    """A file with the events so many times."""
    path = folder / f"{copies}.jsonl"
    text = events.read_bytes()
    with path.open("wb") as file:
        for _ in range(copies):
            file.write(text)
    return path


def workers(events: Path, folder: Path) -> tuple[Curve, Curve]:
    """By the number of workers up to that of cores: the speed that is reached, in that of one process alone.

    The second curve is what the machine gives: so many processes that have nothing in common, each with a share of the
    events. Where cores share a processor with others, they are slower at once than one after the other.
    """
    path = many(events, _COPIES_FOR_WORKERS, folder)
    counts = range(1, len(os.sched_getaffinity(0)) + 1)
    copies = {count: _COPIES_FOR_WORKERS // count for count in counts}
    parts = {count: many(events, copies[count], folder) for count in counts}
    seconds = _seconds(
        *([run_command(path, "--workers", str(count))] for count in counts),
        *([run_command(parts[count])] * count for count in counts),
    )
    shared, apart = seconds[: len(counts)], seconds[len(counts) :]
    for file in {*parts.values()}:
        file.unlink()
    alone = apart[0] / _COPIES_FOR_WORKERS
    return (
        {str(count): alone * _COPIES_FOR_WORKERS / each for count, each in zip(counts, shared, strict=True)},
        {str(count): alone * copies[count] * count / each for count, each in zip(counts, apart, strict=True)},
    )


def gzip_share(events: Path, folder: Path) -> float:
    """The speed of a run on compressed events, of that on plain ones."""
    path = many(events, _COPIES, folder)
    compressed = path.with_suffix(".jsonl.gz")
    with path.open("rb") as plain, gzip.open(compressed, "wb", compresslevel=6) as file:
        shutil.copyfileobj(plain, file)
    of_plain, of_compressed = _seconds([run_command(path)], [run_command(compressed)])
    return of_plain / of_compressed


def file_size(events: Path, copies: tuple[int, ...], folder: Path) -> tuple[Curve, Curve]:
    """Events a second of a run, and its largest resident memory in MB, by the size of the file."""
    code = (
        "import resource, subprocess, sys, json\n"
        "done = subprocess.run(sys.argv[1:], stderr=subprocess.PIPE, check=True)\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
        "print(json.dumps({'events': json.loads(done.stderr)['events'], 'memory': used / 1024}))\n"
    )
    speed, memory = {}, {}
    for count in copies:
        path = many(events, count, folder)
        label = f"{path.stat().st_size / 1e6:.0f} MB"
        command = [sys.executable, "-c", code, *run_command(path, "--format", "json")]
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
        seconds = time.perf_counter() - started
        answer = json.loads(done.stdout)
        speed[label] = answer["events"] / seconds
        memory[label] = answer["memory"]
        path.unlink()
    return speed, memory


def against_sdk() -> float:
    """How many times as fast as the official SDK `send` is; see delivery.py."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.delivery"], capture_output=True, cwd=ROOT, text=True)
    return float(json.loads(done.stdout.splitlines()[-1])["ratio"])


def _seconds(*sides: list[list[str]]) -> list[float]:
    """Seconds of the fastest of several runs of each side, whose commands run at once.

    The sides run in turn, so that a slow minute is everyone's.
    """
    rounds = [[_once(commands) for commands in sides] for _ in range(_ROUNDS)]
    return [min(seconds) for seconds in zip(*rounds, strict=True)]


def _once(commands: list[list[str]]) -> float:
    started = time.perf_counter()
    running = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
        for command in commands
    ]
    for process in running:
        if process.wait():
            raise RuntimeError(f"{process.args!r} ended with {process.returncode}")
    return time.perf_counter() - started
