"""A folder of rules, and files that they may not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from .shop import SECRET


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A folder of rules, and files outside it that rules may not read."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for secret in (tmp_path / "outside.txt", folder / ".env", folder / "notes.txt", tmp_path / "shopping"):
        secret.write_text(f"{SECRET}\nDB=hunter2\n")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text(f"[http]\n\textraheader = {SECRET}\n")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    (folder / "link.rules").symlink_to(tmp_path / "outside.txt")
    (folder / "inner.rules").symlink_to(folder / ".env")
    (folder / "up").symlink_to(tmp_path)
    return folder
