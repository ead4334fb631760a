"""CONTRIBUTING.md is true: each file that it names exists, and contains the text to look for."""

from __future__ import annotations

import re

import pytest

from tests.paths import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAP = re.findall(r"^\| ([^|]+\?) \| `([^`]+)` \| `([^`]+)` \|$", TEXT, re.MULTILINE)
FILES = sorted(
    {
        name
        for name in re.findall(r"`([\w./-]+\.(?:py|md|lark|json|gz|rules))`", TEXT)
        if "/" in name and "<" not in name and not name.endswith(("ping.py", "ping.rules"))
    }
)


def test_every_row_of_the_map_is_read() -> None:
    section = TEXT[TEXT.index("## Where to look") :].split("\n## ")[0]
    assert len(MAP) == section.count("\n| ") - 1 >= 31


@pytest.mark.parametrize(("question", "file", "sought"), MAP)
def test_the_map_leads_there(question: str, file: str, sought: str) -> None:
    assert sought in (ROOT / file).read_text(encoding="utf-8"), question


@pytest.mark.parametrize("file", FILES)
def test_files_that_are_named_exist(file: str) -> None:
    assert (ROOT / file).exists() or any(ROOT.glob(file.replace("RWnnnn", "RW0101"))), file


def test_decisions_have_a_date_a_status_and_consequences() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert records
    for record in records:
        text = record.read_text(encoding="utf-8")
        head = text.split("\n\n")[1]
        assert re.match(r"- Date: \d{4}-\d\d-\d\d.*\n- Status: (accepted|superseded)", head), record.name
        assert re.search(r"^(Consequences: |## Consequences$)", text, re.MULTILINE), record.name


def test_files_that_decisions_name_exist() -> None:
    records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    names = {
        name
        for record in records
        for name in re.findall(r"`([a-z]\w*/[\w./-]*\.\w+)`", record.read_text(encoding="utf-8"))
    }
    assert names
    roots = (ROOT, ROOT / "src" / "rulewright", ROOT / "runtime" / "destinations" / "amplitude")
    assert [name for name in sorted(names) if not any((root / name).exists() for root in roots)] == []
