"""Each code has a page: its example gives the finding, and what the page says instead does not."""

from __future__ import annotations

import re
from contextlib import chdir
from pathlib import Path

import pytest

from rulewright.checking import Checker
from rulewright.diagnostics_page import page_of
from rulewright.dsl.diagnostics.codes import CODES
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.rule_error import RuleError
from rulewright.loading.rule_files import read_rules
from tests.cli.running import rulewright as command
from tests.paths import ROOT

from .blocks import Block, blocks_of

FOLDER = ROOT / "docs" / "diagnostics"
WITHOUT_EXAMPLE = {
    "RW0002": "needs bytes that are not text",
    "RW0003": "needs a file of many megabytes",
    "RW0007": "needs a thousand includes",
    "RW0104": "needs an expression of many lines",
    "RW0503": "needs 51 mappings",
    "RW0706": "is about a file that nobody writes by hand",
}
_EVENTS = "recorded.jsonl"


def test_every_code_has_a_page() -> None:
    assert {page.stem for page in FOLDER.glob("*.md")} == set(CODES)


@pytest.mark.parametrize("code", CODES)
def test_page_begins_with_the_code_and_its_title(code: str) -> None:
    assert page_of(code).startswith(f"# {code}: {CODES[code].title}\n\n")


@pytest.mark.parametrize("code", [code for code in CODES if code not in WITHOUT_EXAMPLE])
def test_example_gives_the_finding_and_the_other_text_does_not(code: str, tmp_path: Path) -> None:
    _, example, instead = re.split(r"^## (?:Example|Instead)$", page_of(code), flags=re.MULTILINE)
    assert code in {finding.code for finding in findings(tmp_path / "example", example)}
    left = [
        finding
        for finding in findings(tmp_path / "instead", instead)
        if finding.code == code or finding.severity == "error"
    ]
    assert not left


def findings(folder: Path, section: str) -> list[Diagnostic]:
    """What `check` finds of the first file of a section, with all its files in a folder."""
    files: list[Block] = list(blocks_of("page", section))
    for block in files:
        assert block.name is not None
        path = folder / block.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")
    recorded = next((block.text.encode().splitlines() for block in files if block.name == _EVENTS), None)
    first = Path(str(files[0].name))
    with chdir(folder):
        try:
            read_rules(first)
            return Checker().check(first, recorded, _EVENTS).findings
        except RuleError as error:
            return error.diagnostics


@pytest.mark.parametrize("written", ["RW0403", "rw0403"])
def test_explain_shows_the_page_of_a_code(written: str) -> None:
    done = command("explain", written)
    assert done.returncode == 0
    assert done.stdout == page_of("RW0403")


def test_explain_of_a_code_that_is_unknown_names_the_nearest() -> None:
    done = command("explain", "RW0499")
    assert done.returncode == 2
    assert "unknown code `RW0499`" in done.stderr
    assert "RW04" in done.stderr
