"""What it takes to load, check and start: seconds, and the memory that stays; each in a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import venv
from functools import partial
from pathlib import Path

import rulewright
from benchmarks.curves import PRESETS, Curve, best_of
from benchmarks.generated_rules import mappings
from benchmarks.workers import ROOT

COUNT = 1_000
"""Mappings, of forty fields each."""
FEW = 200
"""Mappings of a large file that people write."""
_TIMES = 5
"""Runs of what takes seconds, of which the fastest counts: what the machine adds by chance is only ever more."""

_STARTS = 25
"""Starts of each kind, in turn: a few in a row would all fall into one slow second of the machine."""

_CHECK = """
import sys, time, json, statistics
from pathlib import Path
from rulewright.checking import Checker
path, *others = map(Path, sys.argv[1:])
checker, seconds = Checker(), []
for version in (path, *others):
    path.write_text(version.read_text(encoding="utf-8"), encoding="utf-8")
    started = time.perf_counter()
    checked = checker.check(path)
    seconds.append(time.perf_counter() - started)
    assert checked.findings == [], checked.findings[0]
cold, *again = seconds
print(json.dumps({"check cold": cold, "check changed": statistics.median(again)}))
"""
_MEMORY = """
def memory():
    rows = dict(line.split(":", 1) for line in open("/proc/self/status") if ":" in line)
    return int(rows["VmRSS"].split()[0]) / 1024
"""
_LOAD = f"""
import sys, time, json
from pathlib import Path
from rulewright.loading.loader import load
{_MEMORY}
started = time.perf_counter()
mapper = load(Path(sys.argv[1]), settings={{}})
seconds = time.perf_counter() - started
print(json.dumps({{"seconds": seconds, "memory": memory()}}))
"""
_RELOADS = f"""
import sys, json, gc
from rulewright.loading.loader import load
{_MEMORY}
text = sys.stdin.read()
def reload(number):
    load(text.replace("Track Calls", f"Track Calls {{number}}"), settings={{}})
for number in range(20):
    reload(-number - 1)
gc.collect()
before, found = memory(), {{}}
for number in range(1, int(sys.argv[1]) + 1):
    reload(number)
    if number % 100 == 0:
        gc.collect()
        found[str(number)] = max(0.0, memory() - before)
print(json.dumps(found))
"""


def check(folder: Path) -> Curve:
    """Seconds of `rulewright check --watch` at first, after a change of one mapping (the median of five), and of few.

    That is all from reading the file to the findings, but not the waiting and the printing.
    """
    names = [folder / f"{changed}.rules" for changed in range(6)]
    for changed, path in enumerate(names):
        path.write_text(mappings(COUNT, changed), encoding="utf-8")
    few = folder / "few.rules"
    few.write_text(mappings(FEW), encoding="utf-8")
    # Twice: the script takes the median of the checks after the first.
    of_few = [json.loads(_python(_CHECK, str(few), str(few))) for _ in range(_TIMES)]
    of_many = [json.loads(_python(_CHECK, *map(str, names))) for _ in range(_TIMES)]
    return {
        "check cold": min(seconds["check cold"] for seconds in of_many),
        "check changed": min(seconds["check changed"] for seconds in of_many),
        "check 200": min(seconds["check cold"] for seconds in of_few),
    }


def load(folder: Path) -> Curve:
    """Seconds of `load` with an empty cache, with one that knows the rules, and after an edit; memory of the second.

    Of edits, each of another mapping, the median of five.
    """
    path = folder / "load.rules"
    cache = str(folder / "cache")  # one that has seen these rules before would make nothing cold
    path.write_text(mappings(COUNT), encoding="utf-8")
    colds = []
    for _ in range(_TIMES):
        shutil.rmtree(cache, ignore_errors=True)
        colds.append(json.loads(_python(_LOAD, str(path), cache=cache))["seconds"])
    cached = json.loads(_python(_LOAD, str(path), cache=cache))
    after_edits = []
    for changed in range(1, 6):
        path.write_text(mappings(COUNT, changed), encoding="utf-8")
        after_edits.append(json.loads(_python(_LOAD, str(path), cache=cache))["seconds"])
    return {
        "load cold": min(colds),
        "load cached": cached["seconds"],
        "load changed": statistics.median(after_edits),
        "memory": cached["memory"],
    }


def reloads(count: int) -> Curve:
    """Megabytes that stay after so many loads of changed presets in one process."""
    text = PRESETS.read_text(encoding="utf-8")
    return dict(json.loads(_python(_RELOADS, str(count), given=text)))


def starts(event: bytes, folder: Path) -> Curve:
    """Seconds from nothing to done of the command line, and of the import of a compiled module; the best of several.

    In an environment like that of a user: an editable install and the tools for development load modules of their own
    whenever Python starts.
    """
    python = _installed(folder)
    path = folder / "one.jsonl"
    path.write_bytes(event)
    (folder / "compiled_presets.py").write_text(rulewright.compile_source(PRESETS), encoding="utf-8")
    runs = {
        "start version": ["-m", "rulewright", "--version"],
        "start run": ["-m", "rulewright", "run", str(PRESETS), str(path)],
        "start module": ["-c", "import compiled_presets"],
        "nothing": ["-c", ""],
    }
    seconds = dict.fromkeys(runs, float("inf"))
    for _ in range(_STARTS):
        for name, arguments in runs.items():
            start = partial(subprocess.run, [str(python), *arguments], capture_output=True, check=True, cwd=folder)
            seconds[name] = min(seconds[name], best_of(1, start))
    # An import is what Python takes with it beyond what it takes with nothing.
    seconds["start module"] -= seconds.pop("nothing")
    return seconds


def _installed(folder: Path) -> Path:
    """The Python of a new environment in which this package alone is installed."""
    environment = folder / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run(
        [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(ROOT)],
        check=True,
        capture_output=True,
    )
    return python


def _python(code: str, *arguments: str, cache: str = "off", given: str = "") -> bytes:
    command = [sys.executable, "-c", code, *arguments]
    environment = {**os.environ, "RULEWRIGHT_CACHE": cache}
    done = subprocess.run(command, input=given.encode(), capture_output=True, check=True, cwd=ROOT, env=environment)
    return done.stdout
