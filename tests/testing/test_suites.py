"""How tests are read: their events, cases and files, and those that cannot be run."""

from __future__ import annotations

from pathlib import Path

import pytest

from rulewright.checking import check
from rulewright.dsl.rule_error import RuleError
from rulewright.loading.rule_files import read_rules
from rulewright.testing.runner import run_suite
from rulewright.testing.suite.suite import read_suite

from .shop_suite import ORDER, PERSON, RULES, results

ERRORS = [
    ('expect "Orders"', "RW0703", "the test has no event"),
    (ORDER, "RW0704", "the test expects nothing"),
    (ORDER + 'case "x" { a: 1 }', "RW0704", "the case expects nothing"),
    (ORDER + 'expect "Order"', "RW0212", "the rules have no mapping `Order`"),
    (ORDER + "given { }\nexpect nothing", "RW0109", "a test has one event"),
    ("given { a: lowercase(b) }\nexpect nothing", "RW0701", "expected a JSON value, found an expression"),
    ("given { a: omit }\nexpect nothing", "RW0701", "expected a JSON value, found an expression"),
    ('given "none.json"\nexpect nothing', "RW0702", "`none.json` cannot be read: no such file or directory"),
    (
        'given "two.jsonl"\nexpect nothing',
        "RW0702",
        "`two.jsonl` holds 2 events: say which one with `line`",
    ),
    ('given "two.jsonl" line 3\nexpect nothing', "RW0702", "`two.jsonl` has 2 lines, and none of number 3"),
    (
        'given "list.json"\nexpect nothing',
        "RW0702",
        "`list.json` holds no event",
    ),
    (ORDER + 'expect "Orders" { lowercse(a) = 1 }', "RW0204", "unknown function `lowercse`"),
    (ORDER + 'expect nothing\ncase "x" { a: 1 }\ncase "x" { a: 2 }', "RW0208", "there are two cases named `x`"),
]


@pytest.mark.parametrize(("body", "code", "message"), ERRORS, ids=[f"{row[1]} {row[2]}" for row in ERRORS])
def test_a_test_that_cannot_be_run_is_an_error_at_its_place(tmp_path: Path, body: str, code: str, message: str) -> None:
    (tmp_path / "two.jsonl").write_text('{"type": "page"}\n{"type": "screen"}\n')
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(RuleError) as raised:
        results(tmp_path, body)
    assert [(diagnostic.code, diagnostic.message) for diagnostic in raised.value.diagnostics] == [(code, message)]
    assert raised.value.diagnostics[0].span.line >= 22


def test_check_tells_of_errors_in_tests_as_well(tmp_path: Path) -> None:
    (tmp_path / "shop.rules").write_text(RULES + '\ntest "it" {\n' + ORDER + 'expect "Order"\n}\ntest "it" { }\n')
    apart = 'test "apart" {\n' + PERSON + 'expect "Peple"\n}\ndestination amplitude\n'
    (tmp_path / "shop.test.rules").write_text(apart)

    def errors_of(name: str) -> list[tuple[str, int]]:
        errors = (finding for finding in check(read_rules(tmp_path / name)).findings if finding.severity == "error")
        return [(error.code, error.span.line) for error in errors]

    assert errors_of("shop.rules") == [("RW0212", 27), ("RW0208", 29), ("RW0703", 29)]
    assert errors_of("shop.test.rules") == [("RW0212", 3), ("RW0705", 5)]


def test_events_come_from_files_beside_the_test(tmp_path: Path) -> None:
    (tmp_path / "two.jsonl").write_text('{"type": "page"}\n{"type": "identify", "userId": "user-0001"}\n')
    (tmp_path / "one.json").write_text('{\n  "type": "identify",\n  "userId": "user-0001"\n}\n')
    assert results(tmp_path, 'given "two.jsonl" line 2\nexpect "People"')[0].passed
    assert results(tmp_path, 'given "one.json"\nexpect "People"')[0].passed


CHANGES = [
    ('{ "a.b": 1 }', {"a": {"b": 1, "l": [1, 2]}, "s": "text"}),
    ('{ "a.b": omit }', {"a": {"l": [1, 2]}, "s": "text"}),
    ('{ "a.l[0]": 5 }', {"a": {"b": 0, "l": [5, 2]}, "s": "text"}),
    ('{ "a.l[2]": 5 }', {"a": {"b": 0, "l": [1, 2, 5]}, "s": "text"}),
    ('{ "a.l[0]": omit }', {"a": {"b": 0, "l": [2]}, "s": "text"}),
    ('{ "n.m[0].k": 1 }', {"a": {"b": 0, "l": [1, 2]}, "s": "text", "n": {"m": [{"k": 1}]}}),
    ('{ "s.t": 1 }', {"a": {"b": 0, "l": [1, 2]}, "s": {"t": 1}}),
    ('{ "x.y.z": omit }', {"a": {"b": 0, "l": [1, 2]}, "s": "text"}),
    ("{ a: 1, s: omit }", {"a": 1}),
    ('{ "a.\\"odd key\\"": 1 }', {"a": {"b": 0, "l": [1, 2], "odd key": 1}, "s": "text"}),
]


@pytest.mark.parametrize(("changes", "event"), CHANGES, ids=[row[0] for row in CHANGES])
def test_a_case_changes_what_stands_at_its_paths(tmp_path: Path, changes: str, event: dict[str, object]) -> None:
    body = f'given {{ a: {{ b: 0, l: [1, 2] }}, s: "text" }}\ncase "c" {changes} expect nothing'
    (result,) = results(tmp_path, body)
    assert result.trial.event == event
    assert result.trial.name == "it › c"


def test_tests_may_stand_in_a_file_beside_the_rules(tmp_path: Path) -> None:
    (tmp_path / "shop.rules").write_text(RULES)
    beside = tmp_path / "shop.test.rules"
    beside.write_text('test "apart" {\n' + PERSON + 'expect "People"\n}\n')
    assert [result.trial.name for result in run_suite(read_suite(beside), lambda name: True).results] == ["apart"]
    beside.write_text("destination amplitude\n")
    with pytest.raises(RuleError) as raised:
        read_suite(tmp_path / "shop.rules")
    assert [diagnostic.code for diagnostic in raised.value.diagnostics] == ["RW0705"]
