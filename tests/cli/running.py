"""Runs the command line as an author does: its own process, in the root of the project or another folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def rulewright(*arguments: str | Path, given: str = "", folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The ended process, its output as text."""
    return subprocess.run(
        [sys.executable, "-m", "rulewright", *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
