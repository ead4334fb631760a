"""docs/architecture.md is true: the files and folders that it names exist, and folders have about a dozen files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.paths import ROOT

TEXT = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:dsl|compiler|runtime|rules|src|tests)/[\w./-]*)`", TEXT)))
FOLDERS = sorted(
    {
        path.parent
        for root in ("dsl", "compiler", "runtime", "src/rulewright", "tests")
        for path in (ROOT / root).rglob("*.py")
    }
)
LARGE = {
    "runtime/functions",
    "src/rulewright/cli",
    "compiler/analysis/findings",
    "tests/cli",
}
"""Lists of one entry a file; the reasons are in decision 20."""


@pytest.mark.parametrize("name", NAMED)
def test_each_file_and_folder_that_is_named_exists(name: str) -> None:
    assert (ROOT / name).exists() or (ROOT / f"{name}.py").exists()


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.relative_to(ROOT).as_posix() for folder in FOLDERS])
def test_a_folder_holds_about_a_dozen_modules(folder: Path) -> None:
    count = len([path for path in folder.glob("*.py") if path.name != "__init__.py"])
    assert count <= 20 or folder.relative_to(ROOT).as_posix() in LARGE, count
