"""Where the repository is, and what tests read of it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = ROOT / "tests" / "data"
DIAGNOSTICS = ROOT / "tests" / "diagnostics"
ROOT_FOLDERS = ("dsl", "compiler", "runtime", "rules")
"""The folders at the root that are parts of the package."""
