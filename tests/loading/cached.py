"""Rules for the tests of the cache, an event on which they fail, and the entries that are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

RULES = """
destination amplitude
mapping "A" -> logEvent {
  when type = "track"
  use defaults
  revenue = number(properties.total)
}
"""
EVENT: dict[str, Any] = {"type": "track", "event": "x", "userId": "user-1", "properties": {"total": "no"}}


def entries(folder: Path) -> list[Path]:
    """The entries of rules in a folder, which has a folder of our own for them."""
    own = folder / "rulewright-compiled"
    return sorted(path for path in own.iterdir() if path.suffix != ".rwg") if own.exists() else []
