"""Long-lived workers, one for each side, asked in turn: what slows the machine for a moment slows all sides alike."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
YARDSTICKS = Path(__file__).parent / "yardsticks"
MOST_REPEATS = 4
"""Times that a side does its task in its turn."""


class Worker:
    """A process that takes a task's name a line and answers with a JSON line: how many, in how many seconds."""

    def __init__(self, command: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [*pinned(), *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        self._read()

    def run(self, task: str) -> float:
        """Microseconds for one event."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{task}\n")
        self._process.stdin.flush()
        answer = self._read()
        if "error" in answer:
            raise RuntimeError(f"{task}: {answer['error']}")
        return float(answer["sec"]) / float(answer["n"]) * 1e6

    def close(self) -> None:
        self._process.communicate("quit\n")

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args} ended")
        answer: dict[str, Any] = json.loads(line)
        return answer


def pinned() -> list[str]:
    """The words before a command that keep it on one core, where the machine can."""
    if not shutil.which("taskset"):
        return []
    return ["taskset", "--cpu-list", str(max(os.sched_getaffinity(0)))]


def python_worker(events: Path) -> Worker:
    """Ours, and the program written by hand."""
    return Worker([sys.executable, "-m", "benchmarks.python_worker", str(events)])


def node_worker(events: Path) -> Worker:
    """Segment's own code."""
    command = ["node", str(YARDSTICKS / "run.mjs"), "serve", "--events", str(events), "--n", "20000"]
    return Worker(command)


@dataclass(frozen=True, slots=True)
class Side:
    """A task of a worker."""

    worker: Worker
    task: str


def interleaved(sides: Mapping[str, Side], rounds: int) -> dict[str, list[float]]:
    """Microseconds for one event of each side, round by round; a first round is for warming up.

    In its turn, a fast side repeats its task until it has taken as long as the slowest, at most `MOST_REPEATS` times:
    beside a side that takes seconds, a quarter of one would be a sample of the machine's moment.
    """
    first = {name: side.worker.run(side.task) for name, side in sides.items()}
    repeats = {name: min(round(max(first.values()) / each), MOST_REPEATS) for name, each in first.items()}
    microseconds: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, side in sides.items():
            microseconds[name].append(statistics.fmean(side.worker.run(side.task) for _ in range(repeats[name])))
    return microseconds


def ratio(microseconds: Mapping[str, Sequence[float]], slow: str, fast: str) -> float:
    """How many times as fast `fast` is: the median of the rounds' ratios."""
    return statistics.median(
        slow_time / fast_time for slow_time, fast_time in zip(microseconds[slow], microseconds[fast], strict=True)
    )
