"""`make equality`: maps clean and damaged events in every form, and compares what comes out, to the byte.

The forms are events as objects and as JSON text, by rules and by a compiled module, with the part in C and without it,
and `rulewright run` with one worker and with two. Checks are on and user agents parsed, as shipped.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import zip_longest
from pathlib import Path

from . import events
from .forms import FORMS

ROOT = Path(__file__).parents[2]
RULES = ("rules/amplitude/presets.rules", "examples/shop.rules")
WITHOUT_C = {"RULEWRIGHT_NATIVE": "off"}
REFERENCE = "objects without C"
OTHERS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    **{form: (form, {}) for form in FORMS},
    "text without C": ("text", WITHOUT_C),
    "module without C": ("module", WITHOUT_C),
}
WORKERS = (1, 2)


def main() -> int:
    """The exit code: 1 where two forms differ."""
    parser = argparse.ArgumentParser(prog="python -m tests.equality", description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="clean ones, and as many damaged ones")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        differing = list(differences(Path(folder), options.events, options.seed))
    sys.stdout.writelines(f"{difference}\n" for difference in differing)
    if not differing:
        count = f"{options.events:,}"
        forms = ", ".join([REFERENCE, *OTHERS, "run with one worker", "run with two"])
        sys.stdout.write(f"{count} clean and {count} damaged events, seed {options.seed}, by {' and '.join(RULES)}\n")
        sys.stdout.write(f"equal: {forms}\n")
    return 1 if differing else 0


def differences(folder: Path, count: int, seed: int, files: Sequence[str] = RULES) -> Iterator[str]:
    """The first difference of each form from the reference, by rules; `count` clean events and as many damaged ones."""
    lines = folder / "events.jsonl"
    with lines.open("wb") as file:
        file.writelines(line + b"\n" for made in (events.clean, events.damaged) for line in made(count, seed))
    for rules in files:
        for what in _differences(folder, ROOT / rules, lines):
            yield f"{rules}: {what}"


def _differences(folder: Path, rules: Path, lines: Path) -> Iterator[str]:
    outcomes, requests = _mapped("objects", WITHOUT_C, rules, lines, folder / "reference")
    for name, (form, environment) in OTHERS.items():
        others, _ = _mapped(form, environment, rules, lines, folder / "other")
        if difference := _first(outcomes, others, lines):
            yield f"{name}: {difference}"
    for workers in WORKERS:
        written = folder / "run.jsonl"
        command = [sys.executable, "-m", "rulewright", "run", str(rules), str(lines), "-o", str(written)]
        _run([*command, "--workers", str(workers)], {})
        if difference := _first(requests, written):
            yield f"run with {workers} workers: {difference}"


def _mapped(form: str, environment: Mapping[str, str], rules: Path, lines: Path, to: Path) -> tuple[Path, Path]:
    """Files with the outcomes and the requests of a form."""
    outcomes, requests = to.with_suffix(".outcomes"), to.with_suffix(".requests")
    command = [sys.executable, "-m", "tests.equality.forms", form, *map(str, (rules, lines, outcomes, requests))]
    _run(command, environment)
    return outcomes, requests


def _run(command: list[str], environment: Mapping[str, str]) -> None:
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr[-2000:]}")


def _first(*paths: Path) -> str | None:
    """The first line in which the first two files differ, with the line of the third, if that is given."""
    with ExitStack() as stack:
        files = [stack.enter_context(path.open("rb")) for path in paths]
        for number, (expected, actual, *event) in enumerate(zip_longest(*files), 1):
            if expected != actual:
                shown = [f"line {number}", f"expected {expected!r:.2000}", f"found {actual!r:.2000}"]
                return "\n  ".join([*shown, *(f"event {line!r:.3000}" for line in event)])
    return None


if __name__ == "__main__":
    sys.exit(main())
