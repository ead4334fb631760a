"""What a failing test becomes when what came is accepted: a table, and the tests for which it is refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from rulewright.files.file_access import FileAccess, real_path
from rulewright.loading.rule_files import RulesReader
from rulewright.testing.acceptance import Acceptance, NotAcceptable, accept
from rulewright.testing.runner import run_suite
from rulewright.testing.suite.suite import Suite, read_suite, suite_of
from rulewright.trace.traced_rules import TracedRules

from .shop_suite import EVENT, ORDER, PERSON, RULES, USER

BAD_TIME = ORDER.replace('"messageId"', '"timestamp": "yesterday", "messageId"')
DROPPED = ORDER.replace('"total": 10', '"total": 10, "test": true')


def suite_with(path: Path, texts: Mapping[str, str]) -> Suite:
    contents = {real_path(Path(file)): text.encode() for file, text in texts.items()}
    access = FileAccess(path.parent, contents)
    return suite_of(path, TracedRules.of(RulesReader().read(path, access)))


def accepted(folder: Path, body: str, name: str = "it", rules: str = RULES) -> Acceptance:
    path = folder / "shop.rules"
    path.write_text(rules)
    (folder / "shop.test.rules").write_text(f'test "it" {{\n{body}\n}}\n')
    return accept(read_suite(path), name, lambda texts: suite_with(path, texts))


def becomes(acceptance: Acceptance, body: str) -> str:
    """What follows the event of the test."""
    (text,) = acceptance.after.values()
    return text.removesuffix("\n}\n").split(body, 1)[1].strip("\n")


@pytest.mark.parametrize(
    ("given", "expects", "wanted"),
    [
        (ORDER, f'  expect "Orders" {{ {EVENT}.revenue = 11 }}', f'  expect "Orders" {{ {EVENT}.revenue = 10 }}'),
        (ORDER, f'  expect "Orders" {{ 11 = {EVENT}.revenue }}', f'  expect "Orders" {{ 10 = {EVENT}.revenue }}'),
        (
            ORDER,
            f'  expect "Orders" {{\n    # as sold\n    {EVENT}.revenue = 11 # cash\n    {EVENT}.price = null\n  }}',
            f'  expect "Orders" {{\n    # as sold\n    {EVENT}.revenue = 10 # cash\n    {EVENT}.price = null\n  }}',
        ),
        (ORDER, f'  expect "Orders" {{ {EVENT}.city = "x" }}', f'  expect "Orders" {{ {EVENT}.city = null }}'),
        (ORDER, f'  expect "Orders" {{ {EVENT}.revenue > 10 }}', f'  expect "Orders" {{ {EVENT}.revenue = 10 }}'),
        (ORDER, f'  expect "Orders" {{ !({EVENT}.revenue = 10) }}', f'  expect "Orders" {{ {EVENT}.revenue = 10 }}'),
        (
            ORDER,
            f'  expect "Orders" {{ {EVENT}.revenue = 1 and {EVENT}.user_id = "u" }}',
            f'  expect "Orders" {{ {EVENT}.revenue = 10 and {EVENT}.user_id = "user-0001" }}',
        ),
        (
            ORDER,
            f'  expect "Orders" {{ {EVENT}.revenue = event.properties.tax }}',
            f'  expect "Orders" {{ {EVENT}.revenue = 10 }}',
        ),
        (ORDER, '  expect "Orders" { length(requests) = 2 }', '  expect "Orders" { length(requests) = 1 }'),
        (
            ORDER,
            '  expect "Orders" { requests[4].json.events[0].city != "x" }',
            '  expect "Orders" { requests[4] = null }',
        ),
        (
            ORDER,
            '  expect "Orders" { requests[4].json.events[0].revenue = 10 }',
            '  expect "Orders" { requests[4] = null }',
        ),
        (PERSON, f'  expect "People" {{ {USER}.level = "gold" }}', f'  expect "People" {{ {USER}.level = "tin" }}'),
        (PERSON, f'  expect "People" {{ {USER}.level != "tin" }}', f'  expect "People" {{ {USER}.level = "tin" }}'),
        (PERSON, '  expect "Orders"', '  expect no "Orders"'),
        (PERSON, '  expect "Old"', '  expect no "Old"'),
        (PERSON, '  expect failure "Orders"', '  expect no "Orders"'),
        (
            PERSON,
            '  expect no "People"',
            f'  expect "People" {{\n    {USER}.plan = "pro"\n    {USER}.level = "tin"\n'
            '    json_decode(requests[0].form.identification).user_id = "user-0001"\n  }',
        ),
        (BAD_TIME, '  expect "Orders"', '  expect failure "Orders" { field = "time" }'),
        (BAD_TIME, '  expect nothing', '  expect failure "Orders" { field = "time" }'),
        (
            BAD_TIME,
            '  expect failure "Orders" { field = "price", code = "wrong_type" }',
            '  expect failure "Orders" { field = "time", code = "wrong_type" }',
        ),
        (DROPPED, '  expect "Orders"', "  expect dropped"),
        (DROPPED, '  expect "Orders"\n  expect failure "People"', "  expect dropped"),
        (DROPPED, '  expect dropped\n  expect "Orders"', "  expect dropped"),
        (
            PERSON,
            '  expect "People"\n  case "gold" { "traits.points": 50 }\n    expect "Orders"\n  case "-" { }',
            '  expect "People"\n  case "gold" { "traits.points": 50 }\n    expect no "Orders"\n  case "-" { }',
        ),
    ],
)  # fmt: skip
def test_what_came_is_expected(tmp_path: Path, given: str, expects: str, wanted: str) -> None:
    name = "it › gold" if "case" in expects else "it"
    acceptance = accepted(tmp_path, given + expects, name)
    assert becomes(acceptance, given) == wanted
    path = tmp_path / "shop.rules"
    assert all(result.passed for result in run_suite(suite_with(path, acceptance.after), lambda name: True).results)


def test_nothing_that_is_sent_is_expected_as_it_comes(tmp_path: Path) -> None:
    given = ORDER.replace("Order Completed", "Looked around")
    assert becomes(accepted(tmp_path, given + '  expect "Orders"'), given) == '  expect no "Orders"'
    assert becomes(accepted(tmp_path, given + "  expect dropped"), given) == "  expect nothing"
    assert '  expect "Orders" {\n    requests[0]' in becomes(accepted(tmp_path, ORDER + "  expect nothing"), ORDER)


def test_requests_are_expected_whole(tmp_path: Path) -> None:
    given = PERSON
    acceptance = accepted(tmp_path, given + '  expect "People" exactly [ { method: "PUT", form: { } } ]')
    text = becomes(acceptance, given)
    assert text.startswith('  expect "People" exactly [')
    assert '"method": "POST"' in text and '"url"' not in text and '"plan": "pro"' in text
    assert text.splitlines()[-1] == "  ]"


def test_a_case_with_the_expectations_of_its_test_gets_its_own(tmp_path: Path) -> None:
    body = (
        PERSON
        + f'  expect "People" {{\n    {USER}.level = "tin"\n    {USER}.plan = "pro"\n  }}\n  expect no "Orders"\n'
        '  case "gold" { "traits.points": 50 }\n  case "tin" { "traits.points": 5 }'
    )
    text = becomes(accepted(tmp_path, body, "it › gold"), PERSON)
    assert text.splitlines() == [
        '  expect "People" {',
        f'    {USER}.level = "tin"',
        f'    {USER}.plan = "pro"',
        "  }",
        '  expect no "Orders"',
        '  case "gold" { "traits.points": 50 }',
        '    expect "People" {',
        f'      {USER}.level = "gold"',
        f'      {USER}.plan = "pro"',
        "    }",
        '    expect no "Orders"',
        '  case "tin" { "traits.points": 5 }',
    ]


def test_an_expectation_that_a_case_shares_and_meets_stays(tmp_path: Path) -> None:
    body = PERSON + f'  expect "People" {{ {USER}.level = "gold" }}\n  case "gold" {{ "traits.points": 50 }}'
    with pytest.raises(NotAcceptable, match="`it › gold` shares this expectation and passes"):
        accepted(tmp_path, body)


def test_a_snapshot_is_accepted_in_its_file(tmp_path: Path) -> None:
    kept = tmp_path / "shop.snapshots.json"
    acceptance = accepted(tmp_path, PERSON + "  expect snapshot")
    (text,) = acceptance.after.values()
    assert acceptance.before == {str(kept): ""}
    assert json.loads(text)["it"]["requests"][0]["mapping"] == "People"
    kept.write_text(json.dumps({"other": {"dropped": True}, "it": {"dropped": True}}))
    acceptance = accepted(tmp_path, PERSON + '  expect snapshot\n  expect no "People"')
    assert len(acceptance.edits) == 2
    assert json.loads(acceptance.after[str(kept)])["other"] == {"dropped": True}
    assert kept.read_text() == json.dumps({"other": {"dropped": True}, "it": {"dropped": True}})


def test_the_difference_is_shown(tmp_path: Path) -> None:
    acceptance = accepted(tmp_path, PERSON + '  expect "Orders"')
    assert list(acceptance.diff()) == [
        ("@", "shop.test.rules"),
        (" ", 'test "it" {'),
        (" ", PERSON.strip()),
        ("-", '  expect "Orders"'),
        ("+", '  expect no "Orders"'),
        (" ", "}"),
    ]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (PERSON + '  expect "People"', "the test passes"),
        (
            PERSON + "  expect no value of traits.plan in requests",
            "`expect no value of traits.plan in requests` says what must never be sent, so what came is not accepted: "
            "change the rules, or take the expectation out by hand",
        ),
        (
            ORDER + '  expect "Orders" { event.properties.total > 11 }',
            "`event.properties.total > 11` reads no value of a request that fits on a line; change it by hand",
        ),
    ],
)
def test_what_is_not_accepted_is_said(tmp_path: Path, body: str, sentence: str) -> None:
    with pytest.raises(NotAcceptable) as refused:
        accepted(tmp_path, body)
    assert str(refused.value) == sentence


def test_a_test_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotAcceptable, match="there is no test `that`"):
        accepted(tmp_path, PERSON + '  expect "People"', "that")
