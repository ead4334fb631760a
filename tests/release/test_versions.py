"""What a release writes down in several places is the same in all of them (docs/release.md)."""

from __future__ import annotations

import re

from rulewright.version import VERSION
from tests.paths import ROOT

WORKFLOWS = ROOT / ".github" / "workflows"


def test_the_page_on_ci_names_the_tag_of_the_version() -> None:
    page = (ROOT / "docs" / "ci.md").read_text()
    assert re.findall(r"(?:@v|rev: v)(\d+\.\d+\.\d+)", page) == [VERSION, VERSION]


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text()
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections[0] == "Unreleased"
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", section) for section in sections[1:])
    assert len(sections) == 1 or sections[1].startswith(f"{VERSION} - ")
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= kinds


def test_wheels_are_built_for_each_python_that_is_tested() -> None:
    tested = re.search(r"python: \[(.+)\]", (WORKFLOWS / "ci.yml").read_text())
    built = re.search(r'CIBW_BUILD: "(.+)"', (WORKFLOWS / "release.yml").read_text())
    assert tested is not None
    assert built is not None
    pythons = re.findall(r"\d+\.\d+", tested[1])
    assert built[1].split() == [f"cp{python.replace('.', '')}-*" for python in pythons]
