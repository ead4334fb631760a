"""How the cost grows: with rules, with events, with fields, and with the size of a file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import rulewright
from benchmarks.generated_rules import mappings, triggers
from benchmarks.workers import ROOT

Curve = dict[str, float]


def best_of(rounds: int, run: Callable[[], Any]) -> float:
    """Seconds of the fastest of several runs: what the machine adds by chance is only ever more."""
    best = float("inf")
    for _ in range(rounds):
        started = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - started)
    return best


def rules(sizes: tuple[int, ...], events: list[dict[str, Any]], not_indexable: int) -> Curve:
    """Microseconds to say which of so many rules take an event."""
    found = {}
    for size in sizes:
        match = rulewright.load(triggers(size, not_indexable=not_indexable), settings={}).program.match
        probes = [{**event, "event": f"Event {number % size}"} for number, event in enumerate(events)]
        seconds = best_of(5, lambda match=match, probes=probes: [match(event) for event in probes])  # type: ignore[misc]
        found[f"{size:,}"] = seconds / len(events) * 1e6
    return found


def fields(events: list[dict[str, Any]]) -> Curve:
    """Microseconds for an event by the number of fields in the mapping that takes it."""
    found = {}
    for count in (5, 10, 20, 40, 80):
        properties = ", ".join(f"p{at}: properties.p{at}" for at in range(count))
        text = (
            'destination amplitude\nmapping "M" -> logEvent {\n  when type = "track"\n  user_id = userId\n'
            f"  event_type = event\n  event_properties = {{ {properties} }}\n}}\n"
        )
        mapper = rulewright.load(text, settings={}, checks=False)
        tracks = [event for event in events if event["type"] == "track"]
        seconds = best_of(5, lambda mapper=mapper, tracks=tracks: [mapper(event) for event in tracks])  # type: ignore[misc]
        found[str(count)] = seconds / len(tracks) * 1e6
    return found


def file_size(events: Path, rules_file: Path, copies: tuple[int, ...], folder: Path) -> tuple[Curve, Curve]:
    """Events a second of `rulewright run`, and its largest resident memory in MB, by the size of the file."""
    speed, memory = {}, {}
    text = events.read_bytes()
    for count in copies:
        path = folder / f"{count}.jsonl"
        with path.open("wb") as file:
            for _ in range(count):
                file.write(text)
        label = f"{path.stat().st_size / 1e6:.0f} MB"
        command = [
            sys.executable,
            "-m",
            "rulewright",
            "run",
            str(rules_file),
            str(path),
            "-o",
            "/dev/null",
            "--format",
            "json",
        ]
        code = (
            "import resource, subprocess, sys, json\n"
            "done = subprocess.run(sys.argv[1:], stderr=subprocess.PIPE, check=True)\n"
            "used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss\n"
            "print(json.dumps({'events': json.loads(done.stderr)['events'], 'memory': used / 1024}))\n"
        )
        started = time.perf_counter()
        done = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, check=True, cwd=ROOT)
        seconds = time.perf_counter() - started
        answer = json.loads(done.stdout)
        speed[label] = answer["events"] / seconds
        memory[label] = answer["memory"]
        path.unlink()
    return speed, memory


def check_and_load(folder: Path) -> dict[str, float]:
    """Seconds that check and load of many mappings take, cold and after a change, and the memory of the mapper.

    A check is what `rulewright check --watch` does at first and after a change of the file: from reading it to the
    findings, all but the waiting and the printing. Of the checks after a change the median is taken.
    """
    changes = 5
    code = (
        "import sys, time, json, statistics\n"
        "from pathlib import Path\n"
        "from rulewright.checking import Checker\n"
        "path, *others = map(Path, sys.argv[1:])\n"
        "checker, seconds = Checker(), []\n"
        "for version in (path, *others):\n"
        "    path.write_text(version.read_text(encoding='utf-8'), encoding='utf-8')\n"
        "    started = time.perf_counter()\n"
        "    checked = checker.check(path)\n"
        "    seconds.append(time.perf_counter() - started)\n"
        "    assert checked.findings == [], checked.findings[0]\n"
        "cold, *again = seconds\n"
        "print(json.dumps({'check cold': cold, 'check changed': statistics.median(again)}))\n"
    )
    memory_code = (
        "import sys, time, json\n"
        "from rulewright.loader import load\n"
        "started = time.perf_counter()\n"
        "mapper = load(open(sys.argv[1], encoding='utf-8').read(), settings={})\n"
        "seconds = time.perf_counter() - started\n"
        "rows = dict(line.split(':', 1) for line in open('/proc/self/status') if ':' in line)\n"
        "print(json.dumps({'seconds': seconds, 'memory': int(rows['VmRSS'].split()[0]) / 1024}))\n"
    )
    names = [folder / f"{changed}.rules" for changed in range(changes + 1)]
    for changed, path in enumerate(names):
        path.write_text(mappings(1000, changed), encoding="utf-8")
    found: dict[str, float] = json.loads(_python(code, *map(str, names)))
    names[0].write_text(mappings(1000), encoding="utf-8")
    cache = str(folder / "cache")  # a cache that has seen these rules before would make nothing cold
    cold = json.loads(_python(memory_code, str(names[0]), cache=cache))
    again = json.loads(_python(memory_code, str(names[0]), cache=cache))
    return {**found, "load cold": cold["seconds"], "load again": again["seconds"], "memory": again["memory"]}


def starts(event: bytes, folder: Path) -> dict[str, float]:
    """Seconds from nothing to done of the command line, the best of several."""
    path = folder / "one.jsonl"
    path.write_bytes(event)
    rules_file = ROOT / "rules" / "amplitude" / "presets.rules"
    commands = {"start version": ["--version"], "start run": ["run", str(rules_file), str(path)]}
    found = {}
    for name, arguments in commands.items():
        command = [sys.executable, "-m", "rulewright", *arguments]
        found[name] = best_of(
            7, lambda command=command: subprocess.run(command, capture_output=True, check=True, cwd=ROOT)
        )  # type: ignore[misc]
    return found


def _python(code: str, *arguments: str, cache: str = "off") -> bytes:
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "RULEWRIGHT_CACHE": cache}
    return subprocess.run(command, capture_output=True, check=True, cwd=ROOT, env=environment).stdout
