"""Rules against recorded events: paths that never come, and mappings that take nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from rulewright.checking import check
from rulewright.dsl.diagnostics.diagnostic import Diagnostic
from rulewright.loading.rule_files import read_rules_text

RULES = """destination amplitude

mapping "Orders" -> logPurchase {
  when type = "track" and event = "Order Completed"
  use defaults
  event_properties = { x: READ }
  user_properties = omit
}
"""
ORDER: dict[str, Any] = {
    "type": "track",
    "event": "Order Completed",
    "userId": "user-1",
    "properties": {"products": [{"product_id": "p"}], "note": None},
}
PAGE = {"type": "page", "name": "Home", "properties": {"title": "Home"}}


def findings_of(rules: str, *events: Any) -> list[Diagnostic]:
    """The findings of a check with events; one that is bytes is a line as it is."""
    lines = [event if isinstance(event, bytes) else json.dumps(event).encode() for event in events]
    return check(read_rules_text(rules), lines, "week.jsonl").findings


READ = [
    ("properties.note", True),
    ("properties.nota", False),
    ("properties.title", False),
    ("[p.product_id for p in properties.products]", True),
    ("[p.productId for p in properties.products]", False),
    ("[p.productId for p in compact(properties)]", True),
    ("properties.products[0].product_id", True),
    ("properties.products[1].product_id", False),
    ("properties.products.length", True),
    ("event.length", True),
    ("properties.note.product_id", False),
]


@pytest.mark.parametrize(("read", "carried"), READ, ids=[case[0] for case in READ])
def test_a_field_reads_the_events_that_its_mapping_takes(read: str, carried: bool) -> None:
    findings = findings_of(RULES.replace("READ", read), ORDER, b"no event", {**ORDER, "properties": {}}, PAGE)
    path = "p.productId" if read.startswith("[") else read
    message = f'`{path}` is in no event that "Orders" takes (2 of 3 in `week.jsonl`)'
    assert [finding.message for finding in findings if finding.code == "RW0213"] == ([] if carried else [message])


def test_the_key_that_was_meant_is_looked_for_where_the_path_ends() -> None:
    (finding,) = findings_of(RULES.replace("READ", "properties.nota"), ORDER)
    assert (finding.help, finding.span.text) == (("did you mean `note`?",), "properties.nota")


def test_triggers_and_filters_read_every_event() -> None:
    rules = RULES.replace("READ", "1").replace('mapping "', 'drop when properties.test = true\n\nmapping "')
    assert [finding.message for finding in findings_of(rules, PAGE)] == [
        "`properties.test` is in none of the events in `week.jsonl` (1)",
        '"Orders" takes none of the events in `week.jsonl` (1)',
        "`event` is in none of the events in `week.jsonl` (1)",
    ]


def test_dropped_events_reach_no_mapping() -> None:
    rules = RULES.replace("READ", "1").replace('mapping "', 'drop when properties.note = null\n\nmapping "', 1)
    assert [finding.code for finding in findings_of(rules, ORDER)] == ["RW0409"]


@pytest.mark.parametrize("prefix", ["disabled ", ""])
def test_a_disabled_mapping_reads_nothing(prefix: str) -> None:
    rules = RULES.replace("READ", "properties.nota").replace("mapping", f"{prefix}mapping")
    assert [finding.code for finding in findings_of(rules, ORDER)] == ([] if prefix else ["RW0213"])


@pytest.mark.parametrize("lines", [[], [b"no json"], [b"[1]", b""]])
def test_a_file_without_an_event_is_a_finding(lines: list[bytes]) -> None:
    (finding,) = findings_of(RULES.replace("READ", "properties.nota"), *lines)
    assert (finding.code, finding.message) == ("RW0409", "no line of `week.jsonl` is an event, so no mapping takes any")


def test_a_path_that_no_event_of_the_spec_has_is_told_once() -> None:
    assert [finding.code for finding in findings_of(RULES.replace("READ", "contxt.ip"), ORDER)] == ["RW0201"]


def test_a_silence_is_idle_only_beside_recorded_events() -> None:
    rules = RULES.replace("READ", "properties.note").replace(
        "  event_prop", "  # allow RW0213: apps only\n  event_prop"
    )
    assert check(read_rules_text(rules)).findings == []
    assert [finding.code for finding in findings_of(rules, ORDER)] == ["RW0602"]
    assert findings_of(rules.replace("note", "nota"), ORDER) == []


def test_failures_are_counted_by_mapping_and_field() -> None:
    rules = RULES.replace("READ", "properties.note").replace(
        "  event_prop", "  revenue = properties.total\n  event_prop"
    )
    orders = [{**ORDER, "properties": {**ORDER["properties"], "total": total}} for total in (5, "free", "none")]
    nobody = {"type": "track", "event": "Order Completed", "properties": orders[0]["properties"]}
    findings = [
        (finding.span.text, finding.message)
        for finding in findings_of(rules, *orders, nobody)
        if finding.code == "RW0507"
    ]
    assert findings == [
        ('mapping "Orders" -> logPurchase', '"Orders" fails for 1 of the 4 events in `week.jsonl` that it takes: '
         "`user_id` has no value and neither has `device_id`; Amplitude needs one of them"),
        ("revenue = properties.total", '"Orders" fails for 2 of the 4 events in `week.jsonl` that it takes: '
         '`revenue` must be a number but it is a string: "free"'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "reported"),
    [
        ({**ORDER, "traits": {"plan": "pro"}}, False),
        ({**ORDER, "traits": {}}, False),
        ({**ORDER, "traits": None}, True),
        (ORDER, True),
        ({"type": "page", "traits": {"plan": "pro"}}, True),
    ],
)
def test_a_part_that_recorded_events_of_the_type_have_is_not_called_missing(
    event: dict[str, Any], reported: bool
) -> None:
    findings = findings_of(RULES.replace("READ", "traits.plan"), ORDER, event)
    assert ("RW0416" in [finding.code for finding in findings]) == reported


def test_recorded_events_also_say_which_types_fill_a_field() -> None:
    rules = RULES.replace('type = "track" and event = "Order Completed"', 'type = "page"').replace(
        "logPurchase", "logEventV2"
    )
    page = {"type": "page", "event": "Home Viewed", "userId": "user-1"}
    assert "RW0311" in [finding.code for finding in findings_of(rules.replace("READ", "name"), PAGE)]
    assert "RW0311" not in [finding.code for finding in findings_of(rules.replace("READ", "name"), PAGE, page)]
