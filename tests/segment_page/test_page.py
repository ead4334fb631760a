"""Every row of the page names a test that exists, and every test has a row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.paths import ROOT

PAGE = (ROOT / "docs" / "segment-page.md").read_text(encoding="utf-8")
CLASSIC = (ROOT / "docs" / "moving-from-amplitude-classic.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| the page says")]
NAMED = re.compile(r"\| `(\w+\.py)::(\w+)` \|$")


def test_every_row_names_a_test() -> None:
    assert [row for row in ROWS if not NAMED.search(row)] == []
    assert len(ROWS) > 60


def test_the_named_tests_and_those_in_the_folder_are_the_same() -> None:
    named = {match.groups() for row in ROWS if (match := NAMED.search(row))}
    written = {
        (path.name, node.name)
        for path in Path(__file__).parent.glob("test_*.py")
        if path != Path(__file__)
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert named == written


def test_every_line_on_moving_from_classic_is_a_row() -> None:
    lines = re.findall(r"^\| ([^|]+) \|[^|]+\|$", CLASSIC, re.MULTILINE)[1:]
    section = PAGE[PAGE.index("## Moving from Amplitude Classic") :]
    assert [line for line in lines if line not in section and line != "---"] == []
    assert len(lines) > 12
