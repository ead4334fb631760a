"""All parts of the attack, one after another: `python -m tests.attack --seconds 600 --seed 1`.

Each part gets its share of the seconds, in a process of its own. Events are mapped by the part in C as it is built with
sanitizers, where a compiler has them. What is found is shown with the command that makes the case again, reduced where
that can be done; then the exit code is 1. A part that dies or does not end is a finding too.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.paths import ROOT

from . import sanitizers

SHARES = {"rule_files": 0.2, "commands": 0.15, "events": 0.25, "queues": 0.15, "answers": 0.1, "kills": 0.15}
"""Of the seconds, by module."""
SANITIZED = "events"
GRACE = 400.0
"""Seconds that a part may take beyond its share, for its last case and for reducing it."""


def main() -> int:
    """Run all parts; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    environments = {part: dict(os.environ) for part in SHARES}
    try:
        sanitizers.build()
        environments[SANITIZED] = sanitizers.environment()
    except sanitizers.NotSanitized as error:
        _say(f"events: without sanitizers: {error}")
    with tempfile.TemporaryDirectory() as folder:
        failed = [
            part
            for part, share in SHARES.items()
            if not _passes(part, options.seconds * share, options.seed, environments[part], Path(folder) / part)
        ]
    _say(
        f"attack with seed {options.seed}: "
        + (f"something was found by {', '.join(failed)}" if failed else "nothing found")
    )
    return 1 if failed else 0


def _passes(part: str, seconds: float, seed: int, environment: dict[str, str], progress: Path) -> bool:
    module = f"tests.attack.{part}"
    command = [
        sys.executable,
        "-m",
        module,
        "--seconds",
        str(seconds),
        "--seed",
        str(seed),
        "--progress",
        str(progress),
    ]
    _say(f"{part}: {seconds:.0f} s")
    try:
        code = subprocess.run(command, cwd=ROOT, env=environment, check=False, timeout=seconds + GRACE).returncode
        ending = f"died of {signal.Signals(-code).name}" if code < 0 else f"ended with {code}"
    except subprocess.TimeoutExpired:
        code, ending = -1, "did not end"
    if code not in (0, 1):
        number = progress.read_text() if progress.exists() else "none"
        _say(f"--- {part} {ending}: python -m {module} --seed {seed} --only {number}")
    return code == 0


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
