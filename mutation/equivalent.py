"""Mutants that change nothing that a caller could see: each with its reason, in `equivalent.json`."""

from __future__ import annotations

import json
from pathlib import Path

FILE = Path(__file__).with_name("equivalent.json")


def equivalent_mutants() -> dict[str, str]:
    """The reason of each mutant, by its name."""
    return {name: reason for reason, names in json.loads(FILE.read_text()).items() for name in names}
