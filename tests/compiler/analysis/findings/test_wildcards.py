"""Patterns of other languages: signs that are meant as they are, and helps that keep what a condition asks for."""

from __future__ import annotations

import re

import pytest

from rulewright.checking import check
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.loading.rule_files import read_rules_text

from .cases import TRACK, Case, mapping


def case(condition: str, underlined: str | None, help_: str | None = None, code: str = "RW0413") -> Case:
    return Case(condition, mapping("A", f"{TRACK} and {condition}"), code, underlined, None, help_)


CASES = [
    case('event = "Order*"', '"Order*"', 'write `match(event, "Order*")`'),
    case('event != "Order*"', '"Order*"', 'write `!(match(event, "Order*"))`'),
    case(
        'event in ["Order*", "Paid", "Sent"]',
        '"Order*"',
        'write `(event in ["Paid", "Sent"] or match(event, "Order*"))`',
    ),
    case('event in ["Order*"]', '"Order*"', 'write `match(event, "Order*")`'),
    case('match(event, "^Order")', '"^Order"', 'write `match(event, "Order*")`'),
    case('!match(event, "^Order")', '"^Order"', 'write `!match(event, "Order*")`'),
    case('!match(event, "^Order$")', '"^Order$"', 'write `event != "Order"`'),
    case('!match(event, "Order.*")', '"Order.*"', 'write `!match(event, "Order*")`'),
    case('!match(event, "Order%")', '"Order%"', 'write `!match(event, "Order*")`'),
    case('contains(event, "Order*")', '"Order*"', 'write `contains(event, "Order")`'),
    case('!contains(event, "Order*")', '"Order*"', 'write `!contains(event, "Order")`'),
    case('ends_with(event, ".pdf$")', '".pdf$"', 'write `ends_with(event, ".pdf")`'),
    case('contains(properties.promotion, "%")', None),
    case('ends_with(properties.promotion, "%")', None),
    case('contains(properties.title, "*")', None),
    case('properties.unit = "%"', None),
    case('properties.unit in ["%", "EUR"]', None),
    case('match(event, "Order|Cart")', '"Order|Cart"', 'write `… in ["Order", "Cart"]`', "RW0408"),
    case('match(event, "Order|")', '"Order|"', 'write `… = "Order|"`', "RW0408"),
]


def findings_of(rules: str, code: str) -> list[Diagnostic]:
    findings = check(read_rules_text(f"destination amplitude\n{rules}", "shop.rules")).findings
    return [finding for finding in findings if finding.code == code]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.what)
def test_findings(case: Case) -> None:
    findings = findings_of(case.rules, case.code)
    assert [finding.span.text for finding in findings] == ([] if case.underlined is None else [case.underlined])
    assert case.help is None or case.help in findings[0].help


@pytest.mark.parametrize("case", [case for case in CASES if case.help is not None], ids=lambda case: case.what)
def test_each_help_settles_its_finding(case: Case) -> None:
    written = re.fullmatch("write `(.*)`", case.help or "")
    assert written is not None
    if "…" not in written[1]:
        assert findings_of(case.rules.replace(case.what, written[1]), case.code) == []
