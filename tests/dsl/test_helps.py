"""What findings say to write: applied to the cases of `tests/diagnostics`, each finding goes, and no error comes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from rulewright.checking import check
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.diagnostics.fixes import apply
from rulewright.loading.rule_files import read_rules_text
from tests.paths import DIAGNOSTICS

FOLDER = DIAGNOSTICS / "rules"
_LINE = "=" * 40 + "\n"
CASES = sorted(FOLDER.glob("*.txt"))
_WRITE = re.compile(r"write `(?P<text>.*)`(?: for the first value that exists)?\Z")
_FOR_THE_SPAN = {"RW0301", "RW0313", "RW0317", "RW0414"}
"""Codes whose help is written in the place of what is underlined."""


def findings(text: str) -> list[Diagnostic]:
    return check(read_rules_text(text, "shop.rules")).findings


def text_of(case: Path) -> str:
    return case.read_text(encoding="utf-8").partition(_LINE)[0]


def said(diagnostics: list[Diagnostic]) -> Counter[tuple[str, str]]:
    return Counter((diagnostic.code, diagnostic.message) for diagnostic in diagnostics)


def errors(diagnostics: list[Diagnostic]) -> Counter[tuple[str, str]]:
    return said([diagnostic for diagnostic in diagnostics if diagnostic.severity == "error"])


def assert_settled(before: list[Diagnostic], finding: Diagnostic, after: list[Diagnostic]) -> None:
    key = (finding.code, finding.message)
    assert said(after)[key] < said(before)[key], f"{key} stays"
    assert not errors(after) - errors(before), f"{key} brings errors"


def in_place(text: str, finding: Diagnostic) -> str | None:
    """The text with the help of a finding in its place; None for a help of another kind."""
    written = next((match["text"] for help_ in finding.help if (match := _WRITE.match(help_))), None)
    if written is None:
        return None
    start, end = finding.span.start, finding.span.end
    if finding.code in _FOR_THE_SPAN:
        return text[:start] + written + text[end:]
    if finding.code == "RW0312" and written[:1] == '"':
        return text[: text.rindex('"', 0, start)] + written + text[text.index('"', end) + 1 :]
    if finding.code == "RW0413" and finding.span.source.text[:start].endswith(", "):
        start = text.rindex("match(", 0, start)
        return text[:start] + written + text[end + 1 :]
    return None


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_each_fix_settles_its_finding(case: Path) -> None:
    text = text_of(case)
    before = findings(text)
    for finding in before:
        if finding.fix is not None:
            assert finding.fix.replacement != finding.fix.span.text, "a fix that changes nothing"
            assert_settled(before, finding, findings(apply(text, [finding.fix])))


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_each_text_that_is_suggested_settles_its_finding(case: Path) -> None:
    text = text_of(case)
    before = findings(text)
    for finding in before:
        changed = in_place(text, finding)
        if changed is not None:
            assert_settled(before, finding, findings(changed))
