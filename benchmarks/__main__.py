"""`make bench`: all goals side by side in one run, as a table, as JSON and as a chart; says which goal is missed."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

import rulewright

from . import chart, curves, loading, peers, publish, report, scaling
from .goals import GOALS
from .workers import ROOT, YARDSTICKS, Side, interleaved, node_worker, python_worker, ratio

RESULTS = Path(__file__).parent / "results"
PASSES = 3
"""How often each side goes through the events in one round."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--rounds", type=int, default=5, help="rounds of the throughput, each in a process of its own (default 5)"
    )
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--without-node", action="store_true", help="leave out what needs Node, and say so")
    parser.add_argument("--without-sdk", action="store_true", help="leave out what needs Amplitude's SDK, and say so")
    parser.add_argument("--write", action="store_true", help="put the picture and the table into the README")
    options = parser.parse_args()
    # Whoever measures may keep Python from writing bytecode; a user's Python compiles each module once.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    console = Console(highlight=False, soft_wrap=True)
    with tempfile.TemporaryDirectory() as folder_name:
        folder = Path(folder_name)
        events = folder / "events.jsonl"
        subprocess.run(
            [
                sys.executable,
                str(YARDSTICKS / "gen_events.py"),
                "-n",
                str(options.events),
                "--seed",
                "1",
                "-o",
                str(events),
            ],
            check=True,
            capture_output=True,
        )
        parts = {"with_node": not options.without_node, "with_sdk": not options.without_sdk}
        results = measure(events, folder, options.rounds, **parts, console=console)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (RESULTS / "latest.svg").write_text(chart.picture(results), encoding="utf-8")
    if options.write:
        publish.write(ROOT, results)
    console.print(report.table(results["goals"]), markup=False)
    console.print("\n" + report.peers_table(results["peers"]), markup=False)
    for title, (points, unit) in results["curves"].items():
        console.print("\n" + "\n".join(report.curve(title, points, unit)), markup=False)
    goals = results["goals"]
    verdicts = {goal.name: goal.verdict(goals.get(key)) for key, goal in GOALS.items()}
    for word in ("MISSED", "not measured"):
        named = [name for name, verdict in verdicts.items() if verdict == word]
        console.print(f"\n{word.lower()}: {'; '.join(named) or 'none'}", markup=False)
    return 1 if {"MISSED", "not measured"} & {*verdicts.values()} else 0


def measure(
    events: Path, folder: Path, rounds: int, *, with_node: bool, with_sdk: bool, console: Console
) -> dict[str, Any]:
    """Everything, in one go."""
    load_before = os.getloadavg()[0]
    lines = events.read_bytes().splitlines()
    decoded = [json.loads(line) for line in lines[:4000]]
    console.print("throughput …")
    goals = throughput(events, rounds, with_node=with_node)
    console.print("rules …")
    indexable = curves.rules((10, 100, 1_000, 10_000), decoded[:2000], not_indexable=0)
    mixed = curves.rules((10, 100, 1_000, 10_000), decoded[:2000], not_indexable=100)
    goals["rules indexable"] = indexable["10,000"] / indexable["10"]
    goals["rules mixed"] = mixed["10,000"] / mixed["10"]
    console.print("check, load, start …")
    goals |= loading.check(folder) | loading.load(folder) | loading.starts(lines[0], folder)
    goals["module"] = float(len(rulewright.compile_source(curves.PRESETS).splitlines()))
    reloads = loading.reloads(500)
    goals["reloads"] = reloads["500"]
    console.print("run: workers, gzip, file size …")
    workers, apart = scaling.workers(events, folder)
    cores = max(workers, key=int)
    goals["workers"] = workers[cores] / apart[cores]
    goals["gzip"] = scaling.gzip_share(events, folder)
    speed, memory = scaling.file_size(events, (1, 4, 16), folder)
    if with_sdk:
        console.print("send …")
        goals["send"] = scaling.against_sdk()
    console.print("peers …")
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}",
        "load before": load_before,
        "events": len(lines),
        "goals": goals,
        "peers": peers.measure(decoded),
        "curves": {
            "which of so many rules take an event, all indexable": (indexable, "µs"),
            "the same, one in a hundred not indexable": (mixed, "µs"),
            "an event by the number of fields": (curves.fields(decoded), "µs"),
            "an event by the number of its properties": (curves.properties(decoded), "µs"),
            "run by the number of workers, in the speed of one process": (workers, "×"),
            "the same by so many processes that share nothing": (apart, "×"),
            "memory that reloads of changed rules leave": (reloads, "MB"),
            "rulewright run by the size of the file": (speed, "events/s"),
            "its largest memory": (memory, "MB"),
        },
    }


def throughput(events: Path, rounds: int, *, with_node: bool) -> dict[str, float]:
    """The ratios of the sides that map the same events, the median of all rounds.

    Each round has a Python process of its own: which keys of a dict collide is drawn anew with each, and is worth a
    tenth of the time either way. What triggers cost is measured on events that the processor's cache holds, so that it
    is the cost of triggers and not of main memory; beside that ("cold") stands the same on all events.
    """
    few = events.with_name("few.jsonl")
    few.write_bytes(b"".join(events.read_bytes().splitlines(keepends=True)[:1000]))
    ratios: dict[str, list[float]] = {}
    for path, tasks in (
        (events, {"objects": "pipe_ua0", "bytes": "e2e_ua0", "triggers cold": "trig"}),
        (few, {"triggers": "trig"}),
    ):
        node = node_worker(path) if with_node else None
        for _ in range(rounds):
            python = python_worker(path)
            for key, task in tasks.items():
                ours = key.removesuffix(" cold")
                sides = {"ours": Side(python, ours), "hand": Side(python, f"{ours} by hand")}
                if ours != "triggers":
                    sides |= {side: Side(python, f"{ours} {side}") for side in ("unchecked", "off")}
                if node is not None:
                    sides["node"] = Side(node, task)
                times = interleaved(sides, PASSES)
                for slow in ("hand", "node"):
                    for side in sides:
                        if slow in sides and side != slow:
                            name = key if side == "ours" else f"{key} {side}"
                            ratios.setdefault(f"{name} / {slow}", []).append(ratio(times, slow, side))
                if ours != "triggers":
                    ratios.setdefault(f"{key} checks", []).append(ratio(times, "ours", "unchecked"))
            python.close()
        if node is not None:
            node.close()
    return {key: statistics.median(of_rounds) for key, of_rounds in ratios.items()}


if __name__ == "__main__":
    sys.exit(main())
