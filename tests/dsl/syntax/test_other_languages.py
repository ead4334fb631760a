"""Two hundred mistakes that people bring from other languages: each has a cause, a place and a fix that works."""

from __future__ import annotations

import re
import tomllib
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.dsl.diagnostics.fixes import apply
from rulewright.dsl.syntax.parser import _MISREAD, _may_be_misread
from rulewright.dsl.syntax.unfinished_statements import _DANGLING, _may_dangle
from rulewright.loading.pipeline import check_files
from rulewright.loading.rule_files import read_rules_text
from tests.paths import DIAGNOSTICS

LIST = DIAGNOSTICS / "mistakes.toml"
MISTAKES: list[dict[str, Any]] = tomllib.loads(LIST.read_text(encoding="utf-8"))["mistake"]
_MAPPING = """\
destination amplitude

mapping "A" -> logEventV2 {{
  when {trigger}
  use defaults
  on conflict fold
  event_type = "x"
{fields}}}
"""
_TRIGGER = 'type = "track"'


def _rules(mistake: dict[str, Any], written: str) -> str:
    """The file in which a mistake, or its correction, is made."""
    if "trigger" in mistake:
        return _MAPPING.format(trigger=written, fields="")
    if "field" in mistake:
        return _MAPPING.format(trigger=_TRIGGER, fields="  " + written.replace("\n", "\n  ") + "\n")
    return f"destination amplitude\n\n{written}\n"


def _written(mistake: dict[str, Any]) -> str:
    return str(mistake.get("trigger") or mistake.get("field") or mistake["file"])


def _findings(text: str) -> list[Diagnostic]:
    return check_files(read_rules_text(text, "shop.rules"))[1]


@pytest.mark.parametrize("mistake", MISTAKES, ids=[_written(mistake) for mistake in MISTAKES])
def test_a_mistake_has_a_cause_a_place_and_a_fix_that_works(mistake: dict[str, Any]) -> None:
    text = _rules(mistake, _written(mistake))
    diagnostic = next(finding for finding in _findings(text) if finding.fix is not None)
    shown = (diagnostic.message, diagnostic.span.text, diagnostic.help[0])
    assert shown == (mistake["message"], mistake["underlined"], mistake["help"])
    assert diagnostic.fix is not None
    corrected = apply(text, [diagnostic.fix])
    assert corrected == _rules(mistake, mistake["corrected"])
    assert [finding.message for finding in _findings(corrected) if finding.severity == "error"] == []


def test_there_are_two_hundred_mistakes_of_ten_habits() -> None:
    assert len({_written(mistake) for mistake in MISTAKES}) >= 200
    assert {mistake["habit"] for mistake in MISTAKES} == {
        "SQL", "JavaScript", "Python", "YAML", "spreadsheet", "Segment", "jq", "Jinja", "CSS", "PHP",
    }  # fmt: skip


_triggers = [mistake["trigger"] for mistake in MISTAKES if "trigger" in mistake]
_fields = [mistake["field"] for mistake in MISTAKES if "field" in mistake]


@settings(max_examples=100, deadline=None)
@example(_TRIGGER, ["$set = { a: 1 }", "$set = { a: 1 }"])
@given(st.sampled_from([_TRIGGER, *_triggers]), st.lists(st.sampled_from(_fields), max_size=3))
def test_each_fix_removes_its_finding_and_brings_no_error(trigger: str, fields: list[str]) -> None:
    """Made one after the other, fixes lead to a file without a finding that has one."""
    text = _MAPPING.format(trigger=trigger, fields="".join(f"  {field}\n" for field in fields))
    findings = _findings(text)
    for _ in range(2 * len(fields) + 4):
        diagnostic = next((finding for finding in findings if finding.fix is not None), None)
        if diagnostic is None or diagnostic.fix is None:
            break
        text = apply(text, [diagnostic.fix])
        after = _findings(text)
        assert _count(after, diagnostic) < _count(findings, diagnostic) or len(_errors(after)) < len(_errors(findings))
        findings = after
    assert not [finding.message for finding in findings if finding.code == "RW0101"]


def _count(findings: list[Diagnostic], like: Diagnostic) -> int:
    return sum((finding.code, finding.message) == (like.code, like.message) for finding in findings)


def _errors(findings: list[Diagnostic]) -> list[Diagnostic]:
    return [finding for finding in findings if finding.severity == "error"]


WORDS = ["not ", "nOt", "when", "and", "OR", "in", "a"]
SIGNS = [
    "NOT\t",
    "use ",
    "--",
    "- ",
    "-",
    "$",
    "$.a",
    "&&",
    "==",
    "=",
    "/",
    "!",
    "x = 1",
    "{",
    "}",
    "# c",
    " ",
    "\t",
    "\n",
    "\r",
]
PIECES = st.sampled_from([*WORDS, *SIGNS])


@given(st.lists(PIECES, max_size=14).map("".join))
def test_no_text_with_a_mistake_is_passed_over(text: str) -> None:
    assert _may_be_misread(text) or not _MISREAD.search(text)
    assert _may_dangle(text) or not re.search(_DANGLING, text)
