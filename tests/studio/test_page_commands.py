"""What the page asks for at a click: suggested changes, tests, coverage, flow, lineage and import."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rulewright.studio.page_api import studio

from .conftest import EXAMPLES, Page, served

BAD_TIME = {"type": "track", "event": "Signed Up", "userId": "user-42", "timestamp": "not a date"}


def changed(text: str, suggestion: Any) -> str:
    (edit,) = suggestion["edits"]
    return text[: edit["start"]] + str(edit["text"]) + text[edit["end"] :]


def sent_by(page: Page, event: Any) -> list[str]:
    """The mappings that send something of an event."""
    mappings = page.ask("evaluate", event=json.dumps(event))["mappings"]
    return [mapping["name"] for mapping in mappings if mapping["requests"] and not mapping["failures"]]


@pytest.mark.parametrize(
    ("event", "mapping", "sentences"),
    [
        (
            {**BAD_TIME, "receivedAt": "2024-05-01T10:00:00Z"},
            "Behaviour",
            [
                "take `receivedAt` where `timestamp` is not a time",
                "leave `time` out where `timestamp` is not a time",
                "leave `time` out for every event",
            ],
        ),
        (
            {"type": "screen", "name": "Home", "anonymousId": "device-1", "properties": "oops"},
            "Places",
            [
                "leave `event_properties` out where `properties` is not an object",
                "leave `event_properties` out for every event",
            ],
        ),
        ({"type": "identify", "userId": "user-42"}, "Behaviour", []),
        ({"type": "track", "event": "Signed Up", "userId": "user-42"}, "no such mapping", []),
    ],
)
def test_each_suggested_change_was_tried_on_the_event(
    page: Page, event: dict[str, Any], mapping: str, sentences: list[str]
) -> None:
    suggested = page.ask("suggest", event=json.dumps(event), mapping=mapping)["suggestions"]
    assert [suggestion["sentence"] for suggestion in suggested] == sentences
    text = page.ask("session")["files"][0]["text"]
    for change in suggested:
        page.texts = {"shop.rules": changed(text, change)}
        assert sent_by(page, event) == [mapping]


@pytest.mark.parametrize(
    ("condition", "event", "sentence", "edit"),
    [
        ('event = "order"', {"event": "Order"}, 'write `lowercase(event) = "order"`', 'lowercase(event) = "order"'),
        ("properties.total > 5", {"properties": {"total": "9"}}, "write `number(properties.total) > 5`", None),
        ("properties.productId != null", {"properties": {"product_id": "a"}}, None, "properties.product_id"),
        ("properties.total > 5", {"properties": {"total": 4}}, "nothing", None),
    ],
)
def test_a_clause_that_is_nearly_true_is_mended(
    tmp_path: Path, condition: str, event: dict[str, Any], sentence: str | None, edit: str | None
) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text(
        f'destination amplitude\n\nmapping "All" -> logEventV2 {{\n  when type = "track" and {condition}\n'
        "  use defaults\n  user_properties = omit\n}\n"
    )
    given = json.dumps({"type": "track", "event": "A", "userId": "user-42", **event})
    with served(studio(rules)) as page:
        suggested = page.ask("suggest", event=given, mapping="All")["suggestions"]
        if sentence == "nothing":
            assert suggested == []
            return
        assert sentence in (None, suggested[0]["sentence"])
        assert edit in (None, suggested[0]["edits"][0]["text"])
        page.texts = {"a.rules": changed(rules.read_text(), suggested[0])}
        assert sent_by(page, json.loads(given)) == ["All"]


def test_tests_are_run_as_the_page_has_them(page: Page, folder: Path) -> None:
    told = page.ask("tests")
    assert (told["tests"], told["failed"]) == (30, 0)
    text = (folder / "shop.rules").read_text()
    page.texts = {"shop.rules": text.replace("lowercase(p.category)", "p.category")}
    told = page.ask("tests")
    failed = [test for test in told["suites"][0]["tests"] if not test["passed"]]
    assert told["failed"] == len(failed) > 0
    assert failed[0]["misses"][0]["because"]
    page.texts = {"shop.test.rules": 'test "t" {\n  given { "type": "alias" }\n  expect "Nobody"\n}\n'}
    assert [finding["code"] for finding in page.ask("tests")["findings"]] == ["RW0212"]


def test_coverage_says_what_no_test_tried(page: Page, folder: Path) -> None:
    assert page.ask("coverage")["percent"] == 100
    page.texts = {"shop.test.rules": ""}
    told = page.ask("coverage")
    assert told["percent"] < 100
    assert {Path(item["place"]["file"]).name for item in told["never"]} == {"shop.rules"}


@pytest.mark.parametrize(
    ("event", "name", "expected"),
    [
        (
            {"type": "track", "event": "Signed Up", "userId": "user-42", "timestamp": "2024-05-01T10:00:00Z"},
            "Signed Up is sent by Behaviour",
            'expect "Behaviour" {',
        ),
        (BAD_TIME, "Signed Up fails in Behaviour", 'expect failure "Behaviour" { field = "time" }'),
        ({"type": "track", "event": "Email Opened"}, "Email Opened is taken by nothing", "expect nothing"),
        ({"type": "page", "context": {"page": {"path": "/healthz"}}}, "page is dropped", "expect dropped"),
        (
            {"type": "alias", "userId": "new-user", "previousId": "old-user"},
            "alias is sent by Merged customers",
            "form.",
        ),
        ({"type": 5, 'a "b"': [None, {"ü😀": -1.5}]}, "an event is taken by nothing", "expect nothing"),
    ],
)
def test_an_event_becomes_a_test_that_passes(page: Page, event: Any, name: str, expected: str) -> None:
    saved = page.ask("event_as_test", event=json.dumps(event), name="")
    assert saved["file"] == "shop.test.rules"
    assert saved["text"].startswith(f'test "{name}" {{\n')
    assert expected in saved["text"]
    tests = page.ask("session")["files"][1]["text"]
    page.texts = {"shop.test.rules": f"{tests}\n{saved['text']}"}
    told = page.ask("tests")
    assert told["failed"] == 0
    assert name in [test["name"] for test in told["suites"][0]["tests"]]
    again = page.ask("event_as_test", event=json.dumps(event), name=name)
    assert again["text"].startswith(f'test "{name} (2)" {{\n')


@pytest.mark.parametrize("event", ['{"type": "track", "total": 1e400}', '{"type": "track", "a": [{"b": -1e400}]}'])
def test_an_event_with_a_number_that_cannot_be_written_becomes_no_test(page: Page, event: str) -> None:
    told = page.ask("event_as_test", 422, event=event, name="")
    assert told == {"error": "the event has a number beyond the largest double, which a rule file cannot hold"}


def test_the_flow_counts_each_way_of_each_event(page: Page) -> None:
    page.survey()
    flow = page.ask("flow")
    assert flow["done"]
    columns = [sum(count for column, _, _, count in flow["links"] if column == number) for number in range(3)]
    assert columns[0] == columns[1] == columns[2] >= 60
    starts = {source for column, source, _, _ in flow["links"] if column == 0}
    assert page.ask("events", start=sorted(starts)[0])["count"] > 0


def test_lineage_names_personal_data(page: Page) -> None:
    flows = page.ask("lineage")["flows"]
    assert ("Customers", "traits.address.city") in [(flow["mapping"], flow["source"]) for flow in flows]
    assert any(flow["personal"] for flow in flows)


def test_rules_are_imported_from_segment(page: Page) -> None:
    told = page.ask("import", document=(EXAMPLES / "segment.json").read_text())
    assert told["text"].startswith("# ") or "mapping" in told["text"]
    assert any("misreads the trigger" in finding for finding in told["findings_of_import"])
    assert "the document cannot be read" in page.ask("import", 422, document="{")["error"]


def test_what_came_is_accepted_as_an_edit_of_the_test(page: Page, folder: Path) -> None:
    text = 'test "t" {\n  given { "type": "alias", "userId": "user-42" }\n  expect "Companies"\n  expect snapshot\n}\n'
    page.texts = {"shop.test.rules": text, "shop.snapshots.json": ""}
    answer = page.ask("accept", test="t")
    edit, kept = sorted(answer["edits"], key=lambda edit: edit["file"], reverse=True)
    assert text[: edit["start"]] + edit["text"] + text[edit["end"] :] == text.replace('expect "C', 'expect no "C')
    assert Path(kept["file"]).name == "shop.snapshots.json"
    assert ["-", '  expect "Companies"'] in answer["diff"]
    assert ["+", '  expect no "Companies"'] in answer["diff"]
    page.texts = {"shop.test.rules": text.replace('"Companies"', 'no "Companies"'), "shop.snapshots.json": kept["text"]}
    told = page.ask("tests")["suites"][0]["tests"]
    assert [result["passed"] for result in told if result["name"] == "t"] == [True]
    assert page.ask("accept", 422, test="t") == {"error": "the test passes"}
    assert not (folder / "shop.snapshots.json").exists()


def test_a_test_of_an_included_file_is_not_accepted(page: Page, folder: Path) -> None:
    (folder / "part.rules").write_text('test "t" {\n  given { "type": "alias" }\n  expect "Companies"\n}\n')
    page.texts = {"shop.rules": (folder / "shop.rules").read_text() + '\ninclude "part.rules"\n'}
    assert page.ask("accept", 422, test="t")["error"].endswith("part.rules`, which is shown read only")
