"""What the page is told of one event, and of all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rulewright.authoring.evaluation.evaluator import Evaluator, evaluation
from rulewright.studio.page_api import studio

from .conftest import EXAMPLES, Page, served

ORDER = {
    "type": "track",
    "event": "Order Completed",
    "userId": "user-1",
    "properties": {"products": [{"price": 0, "quantity": 0}, {"price": 5, "quantity": 2, "category": "GAMES"}]},
}


def rows(answer: Any, mapping: str) -> dict[str, Any]:
    result = next(result for result in answer["mappings"] if result["name"] == mapping)
    return {
        f"{part['part']}.{row['name']}": row
        for request in result["requests"]
        for part in request["parts"]
        for row in part["fields"]
    }


def test_each_value_leads_to_its_line_and_its_place_in_the_event(page: Page) -> None:
    told = rows(page.ask("evaluate", event=json.dumps(ORDER)), "Orders")
    # The first product is left out, and the place is that of the second.
    assert told["events[1].price"]["event_places"] == [["properties", "products", 1, "price"]]
    category = told["events[1].event_properties.category"]
    assert category["event_places"] == [["properties", "products", 1, "category"]]
    assert category["source"] == "lowercase(p.category)"
    assert Path(category["place"]["file"]).name == "shop.rules"
    assert told["events[0].user_id"]["default_of"] == "logPurchase"


@pytest.mark.parametrize(
    ("expression", "event", "places"),
    [
        ("coalesce(properties.a, properties.b)", {"b": 1}, [["properties", "b"]]),
        ("coalesce(properties.a, properties.b)", {"a": 1, "b": 2}, [["properties", "a"]]),
        ("if(properties.c = 1, properties.a, properties.b)", {"a": 1, "b": 2, "c": 1}, [["properties", "a"]]),
        ('"{{properties.a}}-{{properties.b}}"', {"a": 1, "b": 2}, [["properties", "a"], ["properties", "b"]]),
        ('"fixed"', {}, []),
        ('properties."a b"[0]', {"a b": [7]}, [["properties", "a b", 0]]),
        ("[p.x for p in properties.l]", {"l": {"x": 4}}, [["properties", "l"], ["properties", "l", "x"]]),
    ],
)
def test_places_are_of_what_gave_the_value(
    tmp_path: Path, expression: str, event: dict[str, Any], places: list[Any]
) -> None:
    rules = tmp_path / "a.rules"
    rules.write_text(
        'destination amplitude\n\nmapping "All" -> logEventV2 {\n  when type = "track"\n  use defaults\n'
        f"  event_properties = {{ key: {expression} }}\n}}\n"
    )
    text = json.dumps({"type": "track", "event": "A", "userId": "user-1", "properties": event})
    with served(studio(rules)) as page:
        told = rows(page.ask("evaluate", event=text), "All")
    assert told["events[0].event_properties.key"]["event_places"] == places


def test_each_clause_is_true_false_or_not_reached(page: Page) -> None:
    clauses = page.ask("evaluate", event=json.dumps({"type": "track", "event": "Email Opened"}))["clauses"]
    mails = [(clause["line"], clause["column"], clause["state"]) for clause in clauses if clause["mapping"] == "Mails"]
    assert [state for _, _, state in mails] == ["true", "true", "false"]
    places = [clause["state"] for clause in clauses if clause["mapping"] == "Places"]
    assert places == ["false", "false"]
    orders = [clause["state"] for clause in clauses if clause["mapping"] == "Orders"]
    assert orders == ["true", "false"]
    page.texts["shop.rules"] = page.ask("session")["files"][0]["text"].replace('type = "screen"', 'type = "group"')
    clauses = page.ask("evaluate", event=json.dumps({"type": "page"}))["clauses"]
    assert [clause["state"] for clause in clauses if clause["mapping"] == "Places"] == ["true", "unreached"]
    assert [clause["state"] for clause in clauses if clause["mapping"] is None] == ["false"]


def test_an_event_is_evaluated_by_the_text_of_the_page(page: Page) -> None:
    text = page.ask("session")["files"][0]["text"]
    page.texts = {"shop.rules": text.replace('event = "Order Completed"', 'event = "Order Updated"')}
    matched = [
        mapping["name"] for mapping in page.ask("evaluate", event=json.dumps(ORDER))["mappings"] if mapping["matched"]
    ]
    assert matched == []
    page.texts = {"shop.rules": text}
    matched = [
        mapping["name"] for mapping in page.ask("evaluate", event=json.dumps(ORDER))["mappings"] if mapping["matched"]
    ]
    assert matched == ["Orders"]


def test_rules_with_errors_are_answered_by_what_is_wrong(page: Page) -> None:
    page.texts = {"shop.rules": 'destination amplitude\n\nmapping "A" -> logEventV2 {\n  when type = \n}\n'}
    for name in ("evaluate", "survey"):
        findings = page.ask(name, event=0)["findings"]
        assert [finding["line"] for finding in findings if finding["severity"] == "error"] == [4]


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (60, "there are 60 events"),
        (-1, "there are 60 events"),
        (None, "expected an event"),
        (True, "expected an event"),
    ],
)
def test_what_is_not_an_event_is_said(page: Page, event: Any, sentence: str) -> None:
    assert page.ask("evaluate", 422, event=event)["error"].startswith(sentence)


@pytest.mark.parametrize("event", ["{", "[]", 0, 1])
def test_what_is_not_an_event_is_shown_as_it_is(folder: Path, event: Any) -> None:
    lines = [b"{", b"[]"]
    with served(studio(folder / "shop.rules", lines)) as page:
        told = page.ask("evaluate", event=event)
        assert told["text"] == (lines[event].decode() if isinstance(event, int) else event)
        assert told["problem"].startswith("this is not an event: ")
        assert page.ask("suggest", 422, event=event, mapping="Orders")["error"] == told["problem"]


def test_texts_are_required(page: Page) -> None:
    assert page.ask("evaluate", 422, event=0, texts=None)["error"] == "expected the texts of the rules"


def test_a_survey_counts_every_event_a_part_at_a_time(page: Page) -> None:
    counts = page.survey()
    assert sum(counts["ends"].values()) == counts["of"] == 60
    assert counts["mappings"]["Orders"]["taken"] > 0
    again = page.ask("survey")
    assert again == counts


def test_events_are_found_by_text_start_mapping_and_end(page: Page) -> None:
    assert page.ask("events")["count"] == 60
    page.survey()
    orders = page.ask("events", mapping="Orders")
    assert {row["name"] for row in orders["rows"]} == {"Order Completed"}
    assert page.ask("events", start="track: Order Completed")["count"] == orders["count"]
    assert page.ask("events", start="identify")["rows"][0]["matched"] == ["Customers"]
    first = orders["rows"][0]
    assert first["number"] in [row["number"] for row in page.ask("events", text=first["user"].upper())["rows"]]
    assert page.ask("events", text="no event has this text") == {"count": 0, "rows": []}
    assert page.ask("events", end="sent")["count"] + page.ask("events", end="nothing")["count"] <= 60
    assert page.ask("events", offset=59)["rows"][0]["number"] == 59


def test_lines_that_are_not_events_are_shown_as_they_are(folder: Path) -> None:
    with served(studio(folder / "shop.rules", [b"no event", b'{"type": 7, "event": []}', b"\xff"])) as page:
        assert page.survey()["ends"]["unread"] == 2
        assert [row["type"] for row in page.ask("events")["rows"]] == ["", "", ""]
        assert page.ask("events", end="unread")["count"] == 2


@pytest.mark.parametrize(
    "event",
    [
        ORDER,
        {"type": "page", "context": {"page": {"path": "/healthz"}}},
        {"type": "alias"},
        {"type": "track", "event": "Email Opened"},
        {"type": "track", "event": "A", "userId": "user-1", "timestamp": "never", "integrations": {"All": False}},
        {},
    ],
)
def test_rules_compiled_for_one_event_say_what_all_of_them_say(event: dict[str, Any]) -> None:
    evaluator = Evaluator(EXAMPLES / "shop.rules")
    whole = evaluation(evaluator.rules({}), event)
    assert evaluation(evaluator.rules_for({}, event), event) == whole


def test_a_fault_is_a_sentence_of_the_page_and_is_logged(
    page: Page, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*arguments: object) -> object:
        raise KeyError("planted")

    monkeypatch.setattr("rulewright.studio.page_api.PageApi.answer", broken)
    assert page.ask("session", 500) == {
        "error": "this is a fault of Rulewright, and the terminal says more: KeyError: 'planted'"
    }
    assert "KeyError: 'planted'" in caplog.text
    assert page.ask("nothing", 404) == {"error": "there is no question `nothing`"}
