"""How `rulewright run` scales: with workers, with the size of a file, from gzip; and `send` against Amplitude's SDK."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks.curves import PRESETS, Curve
from benchmarks.workers import ROOT, ratio

_COPIES = 4
"""So many times the events make a file that takes longer than a start."""
_COPIES_FOR_WORKERS = 12
"""A start, which workers do not share, is a twentieth of a run over so many. Two, three, four and six divide it."""
_ROUNDS = 9


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
    files = [path]
    sides = {"alone": [run_command(path)]}
    share: dict[int, float] = {}
    for count in range(2, len(os.sched_getaffinity(0)) + 1):
        copies = _COPIES_FOR_WORKERS // count
        share[count] = copies * count / _COPIES_FOR_WORKERS
        sides[f"{count} workers"] = [run_command(path, "--workers", str(count))]
        files.append(many(events, copies, folder))
        sides[f"{count} apart"] = [run_command(files[-1])] * count
    seconds = _interleaved(sides)
    for file in {*files}:
        file.unlink()
    together, apart = {"1": 1.0}, {"1": 1.0}
    for count in share:
        together[str(count)] = ratio(seconds, "alone", f"{count} workers")
        apart[str(count)] = share[count] * ratio(seconds, "alone", f"{count} apart")
    return together, apart


def gzip_share(events: Path, folder: Path) -> float:
    """The speed of a run on compressed events, of that on plain ones."""
    path = many(events, _COPIES, folder)
    compressed = path.with_suffix(".jsonl.gz")
    with path.open("rb") as plain, gzip.open(compressed, "wb", compresslevel=6) as file:
        shutil.copyfileobj(plain, file)
    return ratio(_interleaved({"plain": [run_command(path)], "gzip": [run_command(compressed)]}), "plain", "gzip")


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


def _interleaved(sides: Mapping[str, list[list[str]]]) -> dict[str, list[float]]:
    """Seconds of each side, round by round; the commands of a side run at once."""
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(_ROUNDS):
        for name, commands in sides.items():
            seconds[name].append(_once(commands))
    return seconds


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
