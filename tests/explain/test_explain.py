"""Which clause decided, and where each value of a request came from, in the author's words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rulewright.cli.explain import command
from rulewright.explain.clauses import deciding
from rulewright.explain.explanation import explain
from rulewright.explain.origins import source
from rulewright.explain.request_rows import RequestRow
from rulewright.loading.rule_files import read_rules_text
from rulewright.runtime.semantics.missing import MISSING
from rulewright.trace.traced_rules import TracedRules, place
from tests.rules_text import rules

EVENT: dict[str, Any] = {
    "type": "track",
    "event": "Order Completed",
    "userId": "u-12345",
    "anonymousId": "a-12345",
    "properties": {"total": "129.90", "n": 5, "ok": "true", "list": [1, 2, 3], "empty": "", "none": None},
}

CLAUSES = [
    # trigger, the clause that decided and why, help
    ('type = "page" and event = "x"', 'type = "page" is false: type is "track"', ""),
    ('type = "track" and event != "Order Completed"',
     'event != "Order Completed" is false: event is "Order Completed"', ""),
    ("properties.total > 100", 'properties.total > 100 is false: properties.total is "129.90", a string',
     "number(properties.total) > 100"),
    ("100 < properties.total", '100 < properties.total is false: properties.total is "129.90", a string',
     "100 < number(properties.total)"),
    ("properties.total > 200", 'properties.total > 200 is false: properties.total is "129.90", a string', ""),
    ('properties.n = "5"', 'properties.n = "5" is false: properties.n is 5, a number', 'string(properties.n) = "5"'),
    ("properties.ok = true", 'properties.ok = true is false: properties.ok is "true", a string',
     "bool(properties.ok) = true"),
    ('event = "order COMPLETED"', 'event = "order COMPLETED" is false: event is "Order Completed"',
     'lowercase(event) = "order completed"'),
    ('event in ["x", "order completed"]', 'event in ["x", "order completed"] is false: event is "Order Completed"',
     'lowercase(event) in ["x", "order completed"]'),
    ('contains(properties.n, "5")', 'contains(properties.n, "5") is false: properties.n is 5, a number',
     'contains(string(properties.n), "5")'),
    ("properties.totl > 1", "properties.totl > 1 is false: properties.totl is missing (the event has properties.total)",
     ""),
    ("properties.none > 1", "properties.none > 1 is false: properties.none is null", ""),
    ('type = "page" or type = "screen"', 'type = "page" or type = "screen" is false: type is "track"', ""),
    ('type = "page" or type = "track"', 'type = "track" is true: type is "track"', ""),
    ('!(type = "track")', '!(type = "track") is false: type is "track"', ""),
    ("number(event) > 1",
     'number(event) > 1 is false: number(event) has no value: "Order Completed" is not a number, '
     'event is "Order Completed"', ""),
    ("exists(traits)", "exists(traits) is false: traits is missing", ""),
]  # fmt: skip


@pytest.mark.parametrize(("trigger", "sentence", "help_"), CLAUSES, ids=[row[0] for row in CLAUSES])
def test_the_smallest_clause_is_shown_with_what_it_read(trigger: str, sentence: str, help_: str) -> None:
    clause = deciding(rules(f"when {trigger}").tracer(EVENT).mappings[0].trigger, EVENT)
    assert str(clause) == sentence
    assert clause.help == help_
    assert place(clause.span) == "shop.rules:3"


SOURCES = [
    ("event", "event"),
    ("traits.plan", "traits.plan, where traits.plan is missing"),
    ('"fixed"', '"fixed"'),
    ("coalesce(context.device.id, userId)", "userId, because context.device.id is missing"),
    ("coalesce(properties.none, traits, anonymousId)",
     "anonymousId, because properties.none is null and traits is missing"),
    ("coalesce(traits, properties.none)",
     "coalesce(traits, properties.none), because traits is missing and properties.none is null"),
    ('if(properties.n > 3, event, "few")', "event, because properties.n > 3 is true: properties.n is 5"),
    ("if(properties.n > 30, event, omit)", "omit, because properties.n > 30 is false: properties.n is 5"),
    ('"<{{ event }}>"', '"<{{ event }}>", where event is "Order Completed"'),
    ("lowercase(event)", 'lowercase(event), where event is "Order Completed"'),
    ("[p for p in properties.list if p > 1]",
     "[p for p in properties.list if p > 1], where properties.list has 3 items, of which 2 kept"),
    ("[p for p in event]", "[p for p in event], where event is a string"),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "sentence"), SOURCES, ids=[row[0] for row in SOURCES])
def test_a_value_names_the_text_that_gave_it(expression: str, sentence: str) -> None:
    traced = rules(f'when type = "track"\nevent_properties = {{ it: {expression} }}').tracer(EVENT).mappings[0]
    value = traced.fields[-1].traced
    assert value is not None
    assert str(source(value.parts[0], EVENT)) == sentence


def rows(body: str, action: str = "logEventV2") -> dict[str, RequestRow]:
    (mapping,) = explain(rules(f'when type = "track"\n{body}', action), EVENT).mappings
    sent = [row for request in mapping.requests for _, group in request.groups for row in group]
    return {row.name: row for row in [*sent, *mapping.left_out, *mapping.unused]}


def test_a_field_that_is_turned_into_its_type_says_from_what() -> None:
    row = rows("user_id = userId\nrevenue = properties.total", "logPurchase")["revenue"]
    assert (row.value, row.source, row.coerced) == (129.9, "properties.total", 'the string "129.90"')
    assert row.span is not None
    assert place(row.span) == "shop.rules:5"


def test_a_field_without_a_value_is_left_out_and_says_why() -> None:
    by_field = rows("user_id = userId\ncity = context.location.city\nregion = properties.empty")
    assert by_field["city"].value is MISSING
    assert by_field["city"].reason == "context.location.city is missing"
    assert by_field["region"].reason == 'properties.empty is ""'


def test_what_an_action_makes_names_the_fields_it_comes_from() -> None:
    by_field = rows('user_id = userId\nutm_properties = { utm_source: event }\nlibrary = "analytics.js"', "logPurchase")
    made = by_field["user_properties.$set.utm_source"]
    assert (made.value, made.source) == ("Order Completed", "event")
    assert by_field["user_properties.$setOnce.initial_utm_source"].source == "event, as utm_properties.utm_source"
    assert by_field["platform"].source == '"analytics.js", as library'


def test_a_value_that_is_alike_by_chance_is_not_taken_for_the_source() -> None:
    text = """when type = "track"
user_id = userId
price = properties.n
quantity = 2
revenue = properties.ten"""
    event = {**EVENT, "properties": {"n": 5, "ten": 10}}
    (mapping,) = explain(rules(text, "logPurchase"), event).mappings
    revenue = next(row for row in mapping.requests[0].groups[0][1] if row.name == "revenue")
    assert revenue.value == 10
    assert revenue.source == "made by logPurchase from price, quantity"


def test_keys_of_an_object_are_told_one_by_one() -> None:
    by_field = rows("user_id = userId\nuser_properties = { a: properties.n, b: traits.b, c: { d: event } }")
    assert {name: row.source for name, row in by_field.items() if name.startswith("user_p")} == {
        "user_properties.a": "properties.n",
        "user_properties.b": "traits.b",
        "user_properties.c.d": "event",
    }


def test_headers_and_the_ordering_key_are_told_beside_the_body() -> None:
    text = (
        'destination webhook\nmapping "A" -> send { when type = "track" body = { event: event } order = userId'
        ' headers = { "X-N": properties.n } }'
    )
    (mapping,) = explain(TracedRules.of(read_rules_text(text)), EVENT).mappings
    rows = {(label, row.name): (row.value, row.source) for label, rows in mapping.requests[0].groups for row in rows}
    assert rows["", "event"] == ("Order Completed", "event")
    assert rows["headers", "x-n"] == ("5", "properties.n, as headers.X-N")
    assert rows["delivery", "order"] == ("u-12345", "userId")
    assert mapping.unused == []


def test_a_boolean_that_becomes_text_is_called_a_boolean() -> None:
    row = rows("user_id = userId\napp_version = exists(userId)")["app_version"]
    assert (row.value, row.coerced) == ("true", "the boolean true")


def test_a_default_is_called_one() -> None:
    row = rows("use defaults")["device_id"]
    assert (row.value, row.source, row.reason, row.default_of) == (
        "a-12345", "anonymousId", "because context.device.id is missing", "logEventV2"
    )  # fmt: skip


def test_a_value_that_the_action_makes_nothing_of_is_said_to_be_unsent() -> None:
    row = rows("user_id = userId\nrevenue = properties.total")["revenue"]
    assert (row.value, row.coerced) == (129.9, 'the string "129.90"')


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "shop.rules").write_text(
        "destination amplitude\ndrop when properties.test = true\ndrop properties.card\n"
        'mapping "Orders" -> logPurchase {\n'
        '  when type = "track" and event = "Order Completed"\n  use defaults\n  revenue = number(properties.total)\n}\n'
        'mapping "Big" -> logEventV2 {\n  when properties.total > 100\n  use defaults\n}\n'
        'disabled mapping "Old" -> logEventV2 {\n  when type = "track"\n  use defaults\n}\n'
    )
    return tmp_path


def run(files: Path, event: str, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(command, [str(files / "shop.rules"), "-", *options], input=event)
    return result.exit_code, result.output


def test_the_screen_shows_mappings_then_requests_then_what_is_left_out(files: Path) -> None:
    code, text = run(files, json.dumps(EVENT | {"properties": {"total": "129.90", "card": "4111"}}))
    assert code == 0
    assert text.splitlines()[0] == "− Filtered     drop properties.card     shop.rules:3"
    assert '✔ Orders → logPurchase  type = "track" and event = "Order Completed"' in text
    assert '✘ Big                   properties.total > 100 is false: properties.total is "129.90", a string' in text
    assert "    help: number(properties.total) > 100" in text
    assert "− Old                   disabled" in text
    revenue = next(line for line in text.splitlines() if line.strip().startswith("revenue "))
    assert revenue.split(maxsplit=2)[:2] == ["revenue", "129.9"]
    assert 'where properties.total is "129.90"' in revenue
    assert revenue.endswith("shop.rules:7")
    assert "4111" not in text
    assert "Left out by the defaults of logPurchase, because the event has no value for them: session_id, time," in text
    assert "context.location.city is missing" in run(files, json.dumps(EVENT), "--all")[1]


def test_a_dropped_event_names_the_filter(files: Path) -> None:
    text = run(files, '{"properties": {"test": true}}')[1]
    assert text == (
        "✘ Dropped     properties.test = true is true: properties.test is true     shop.rules:2\n"
        "The event goes no further, and nothing is sent.\n"
    )


def test_a_mapping_that_fails_shows_the_line(files: Path) -> None:
    text = run(files, json.dumps(EVENT | {"anonymousId": "a1"}))[1]
    assert '✘ Orders sends nothing: device_id: "a1" is shorter than 5 characters' in text
    assert '    device_id  "a1"  anonymousId, because context.device.id is missing  default of logPurchase' in text
    text = run(files, json.dumps(EVENT | {"properties": {"total": "12,50"}}))[1]
    assert '✘ Orders sends nothing: revenue: "12,50" is not a number\n    shop.rules:7  revenue = number(' in text


def test_control_characters_of_an_event_never_reach_the_terminal(files: Path) -> None:
    text = run(files, json.dumps({"type": "track", "event": "\x9b31mred\u202e"}))[1]
    assert "\x9b" not in text
    assert "\u202e" not in text


def test_json_holds_all_of_it(files: Path) -> None:
    printed = json.loads(run(files, json.dumps(EVENT), "--format", "json")[1])
    orders, big = printed["mappings"]
    assert orders["requests"][0]["parts"][0]["part"] == "events[0]"
    fields = {row["name"]: row for row in orders["requests"][0]["parts"][0]["fields"]}
    assert fields["revenue"]["place"] == {"file": str(files / "shop.rules"), "line": 7, "column": 13}
    assert big["clause"]["help"] == "number(properties.total) > 100"
    assert big["clause"]["read"] == [
        {"text": "properties.total", "kind": "a string", "value": "129.90", "meant": None, "failed": None}
    ]
    assert printed["disabled"] == ["Old"]


@pytest.mark.parametrize(
    ("event", "options", "message"),
    [
        ("{", [], "is not an event: JSON is truncated"),
        ("[1]", [], "expected a JSON object, found a number"),
        ('{"a": 1}\n{"a": 2}\n', [], "holds 2 events: say which one with --line"),
        ('{"a": 1}\n', ["--line", "2"], "has 1 line, and none of number 2"),
    ],
)
def test_what_is_no_event_is_a_usage_error(files: Path, event: str, options: list[str], message: str) -> None:
    code, text = run(files, event, *options)
    assert code == 2
    assert message in text


def test_a_line_of_a_file_is_taken(files: Path) -> None:
    lines = '{"type": "page", "name": "\u2028"}\n{"type": "track"}\n'
    assert run(files, lines, "--line", "1")[1].count('type is "page"') == 1
    assert run(files, lines, "--line", "2")[1].count('type is "page"') == 0
