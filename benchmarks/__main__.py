"""`make bench`: all goals side by side in one run, as a table, as JSON and as a chart; says which goal is missed."""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from rich.console import Console

from . import curves, peers, report
from .goals import GOALS
from .workers import ROOT, YARDSTICKS, Side, interleaved, node_worker, python_worker, ratio

RESULTS = Path(__file__).parent / "results"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="rounds of the throughput (default 9)")
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--without-node", action="store_true", help="leave out what needs Node, and say so")
    options = parser.parse_args()
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
        results = measure(events, folder, options.rounds, with_node=not options.without_node, console=console)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_text(json.dumps(results, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    (RESULTS / "latest.svg").write_text(report.chart(results["goals"]), encoding="utf-8")
    console.print(report.table(results["goals"]), markup=False)
    console.print("\n" + report.peers_table(results["peers"]), markup=False)
    for title, (points, unit) in results["curves"].items():
        console.print("\n" + "\n".join(report.curve(title, points, unit)), markup=False)
    goals = results["goals"]
    missed = [goal.name for key, goal in GOALS.items() if key not in goals or goal.verdict(goals[key]) == "MISSED"]
    console.print("\nmissed: " + ("; ".join(missed) if missed else "none"), markup=False)
    return 1 if missed else 0


def measure(events: Path, folder: Path, rounds: int, *, with_node: bool, console: Console) -> dict[str, Any]:
    """Everything, in one go."""
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
    checked = curves.check_and_load(folder)
    goals |= {key: checked[key] for key in ("check cold", "check changed", "memory")}
    goals |= curves.starts(lines[0], folder)
    console.print("fields, file size …")
    speed, memory = curves.file_size(events, ROOT / "rules" / "amplitude" / "presets.rules", (1, 4, 16), folder)
    console.print("peers …")
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, CPython {platform.python_version()}",
        "events": len(lines),
        "goals": goals,
        "load": {"cold": checked["load cold"], "again": checked["load again"]},
        "peers": peers.measure(decoded),
        "curves": {
            "which of so many rules take an event, all indexable": (indexable, "µs"),
            "the same, one in a hundred not indexable": (mixed, "µs"),
            "an event by the number of fields": (curves.fields(decoded), "µs"),
            "rulewright run by the size of the file": (speed, "events/s"),
            "its largest memory": (memory, "MB"),
        },
    }


def throughput(events: Path, rounds: int, *, with_node: bool) -> dict[str, float]:
    """The ratios of the sides that map the same events."""
    python = python_worker(events)
    node = node_worker(events) if with_node else None
    found: dict[str, float] = {}
    for key, task in (("objects", "pipe_ua0"), ("bytes", "e2e_ua0"), ("triggers", "trig")):
        sides = {"ours": Side(python, key), "hand": Side(python, f"{key} by hand")}
        if key != "triggers":
            sides["checked"] = Side(python, f"{key} checked")
        if node is not None:
            sides["node"] = Side(node, task)
        rounds_of = interleaved(sides, rounds)
        if f"{key} / hand" in GOALS:
            found[f"{key} / hand"] = ratio(rounds_of, "hand", "ours")
            found[f"{key} checked / hand"] = ratio(rounds_of, "hand", "checked")
        if node is not None:
            found[f"{key} / node"] = ratio(rounds_of, "node", "ours")
    python.close()
    if node is not None:
        node.close()
    return found


if __name__ == "__main__":
    sys.exit(main())
