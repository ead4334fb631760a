"""Laws of an author: the planted fault is found, and the smallest event that shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from rulewright.laws.options import LawOptions
from rulewright.laws.seeds import MOST_WITNESSES
from rulewright.laws.trying import LawTrial
from rulewright.testing.runner import run_suite
from rulewright.testing.suite.suite import read_suite

from .trials import HEAD, ORDERS, law, tried

TRACK = {"type": "track", "event": "Order Completed"}
USER = {"userId": "u-12345"}

PLANTED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "another value is sent": (
        ORDERS.replace("total: properties.total", "total: properties.subtotal"),
        'for any event where type = "track" and event = "Order Completed" and properties.total > 10\n'
        'expect "Orders" { requests[0].json.events[0].event_properties.total = event.properties.total }',
        {**TRACK, **USER, "properties": {"total": 11}},
    ),
    "a condition leaves events out": (
        ORDERS.replace("and event", "and properties.total < 1000 and event"),
        'for any event where type = "track" and event = "Order Completed" and properties.total > 0\nexpect "Orders"',
        {**TRACK, **USER, "properties": {"total": 1000}},
    ),
    "a fallback is missing": (
        ORDERS.replace("device_id        = anonymousId\n", ""),
        'for any event where type = "track" and event = "Order Completed"\nexpect "Orders"',
        {**TRACK, "anonymousId": "a-507f191e"},
    ),
    "two mappings take one event": (
        ORDERS + ORDERS.replace('"Orders"', '"All"').replace(' and event = "Order Completed"', ""),
        'for any event where event = "Order Completed" and type = "track"\nexpect "Orders"\nexpect no "All"',
        {**TRACK, **USER},
    ),
    "a value reaches a request through a function": (
        ORDERS.replace("traits.address.city", "sha256(traits.address.city)"),
        "for any event\nexpect no value of traits.address.city in requests",
        {**TRACK, **USER, "traits": {"address": {"city": "Berlin"}}},
    ),
    "a value reaches a request in one branch": (
        ORDERS.replace("traits.address.city", 'if(context.locale = "xx", traits.address.city, "unknown")'),
        "for any event\nexpect no value of traits.address in requests",
        {**TRACK, **USER, "traits": {"address": {"city": "Berlin"}}, "context": {"locale": "xx"}},
    ),
    "a value in a list reaches a request": (
        ORDERS.replace("traits.address.city", "[p.price for p in properties.products]"),
        "for any event\nexpect no value of properties.products[].price in requests",
        {**TRACK, **USER, "properties": {"products": [{"price": 1}]}},
    ),
    "a filter misses a case": (
        'drop when context.page.path = "/healthz" and type = "page"\n' + ORDERS,
        'for any event where context.page.path = "/healthz"\nexpect dropped',
        {**TRACK, **USER, "context": {"page": {"path": "/healthz"}}},
    ),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_planted_fault_is_found_and_its_counterexample_is_a_test_that_fails(fault: str, tmp_path: Path) -> None:
    rules, body, smallest = PLANTED[fault]
    (result,) = tried(tmp_path, HEAD + rules + law(body))
    assert result.status == "broken"
    assert result.misses
    assert result.event is not None
    assert _shape(result.event) == _shape(smallest)
    path = tmp_path / "shop.rules"
    path.write_text(HEAD + rules + result.test(), encoding="utf-8")
    (again,) = run_suite(read_suite(path), lambda name: True).results
    assert [miss.text for miss in again.misses] == [miss.text for miss in result.misses]


def _shape(value: Any) -> Any:
    """The keys alone: which value shows a fault is not said."""
    if isinstance(value, dict):
        return {key: _shape(inner) for key, inner in value.items() if key not in ("userId", "anonymousId", "type")}
    return [_shape(inner) for inner in value] if isinstance(value, list) else ""


def test_law_of_rules_without_the_fault_holds(tmp_path: Path) -> None:
    _, body, _ = PLANTED["another value is sent"]
    (result,) = tried(tmp_path, HEAD + ORDERS + law(body))
    assert (result.status, result.proved) == ("held", False)
    assert result.events >= 60
    assert result.taken["Orders"] == result.events


def test_same_seed_finds_the_same_event(tmp_path: Path) -> None:
    rules, body, _ = PLANTED["a value reaches a request in one branch"]
    first, second = (tried(tmp_path, HEAD + rules + law(body), seed=7) for _ in range(2))
    assert (first[0].event, first[0].events) == (second[0].event, second[0].events)


PROVED = {
    "no rule reads the path": "for any event\nexpect no value of traits.email in requests",
    "a filter takes the path out": "for any event\nexpect no value of traits.phone in requests",
    "the path only decides": "for any event\nexpect no value of context.locale in requests",
    "no mapping that sends it takes these events": 'for any event where type = "page"\n'
    "expect no value of properties.total in requests",
    "the mapping takes none of these events": 'for any event where type = "page"\nexpect no "Orders"',
}


@pytest.mark.parametrize("reason", PROVED)
def test_proved_law_needs_no_event(reason: str, tmp_path: Path) -> None:
    rules = ORDERS.replace("when ", 'when context.locale != "xx" and ').replace(
        "city: traits.address.city", "phone: traits.phone"
    )
    (result,) = tried(tmp_path, f"{HEAD}drop traits.phone\n{rules}{law(PROVED[reason])}")
    assert (result.status, result.events) == ("proved", 0)


UNTRIED = {
    "the solver proves that no event meets it": (
        'for any event where type = "page" and type = "screen"\nexpect no "Orders"',
        "no event meets its condition",
    ),
    "no event was found": (
        'for any event where sha256(event) = "x"\nexpect "Orders"',
        "no event was found that meets its condition, so nothing was tried",
    ),
}


@pytest.mark.parametrize("reason", UNTRIED)
def test_law_without_an_event_to_try_is_said(reason: str, tmp_path: Path) -> None:
    body, problem = UNTRIED[reason]
    (result,) = tried(tmp_path, HEAD + ORDERS + law(body))
    assert (result.status, result.problem) == ("untried", problem)


def test_value_that_no_event_has_is_said(tmp_path: Path) -> None:
    body = 'for any event where typeof(traits.address.city) = "null"\nexpect no value of traits.address in requests'
    (result,) = tried(tmp_path, HEAD + ORDERS + law(body))
    assert result.status == "untried"
    assert result.problem == "no event had a value at `traits.address`, so nothing was tried"


def test_recorded_events_are_tried(tmp_path: Path) -> None:
    body = 'for any event where event = "Order Completed" and type = "track"\nexpect "Orders" { length(warnings) = 0 }'
    recorded = {**TRACK, **USER, "properties": {"total": "x" * 2000}}
    text = HEAD + ORDERS + law(body)
    assert tried(tmp_path, text)[0].status == "held"
    (result,) = tried(tmp_path, text, recorded=[recorded])
    assert result.status == "broken"
    assert result.event is not None
    assert len(result.event["properties"]["total"]) > 1024


def test_time_that_is_over_is_said(tmp_path: Path) -> None:
    path = tmp_path / "shop.rules"
    path.write_text(HEAD + ORDERS + law("for any event\nexpect no value of messageId in requests"))
    suite = read_suite(path)
    (result,) = [result for result in LawTrial(suite, LawOptions(60, 0, -1.0)).results(lambda name: True) if result.law]
    assert result.stopped
    assert result.status == "untried"


def test_events_are_those_of_the_tracking_plan(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(
        '{"rules": {"events": [{"name": "Order Completed", "rules": {"properties": {"properties": {"type": "object",'
        ' "additionalProperties": false, "properties": {"total": {"type": "integer"},'
        ' "currency": {"enum": ["EUR", "USD"]}}}}}}]}}'
    )
    rules = f'{HEAD}source schema "plan.json"\n{ORDERS.replace("traits.address.city", "properties.currency")}'
    held = law(
        'for any event where event = "Order Completed" and type = "track" and properties.currency != null\n'
        'expect "Orders" { requests[0].json.events[0].event_properties.city in ["EUR", "USD"] }'
    )
    assert tried(tmp_path, rules + held)[0].status == "held"
    broken = held.replace('["EUR", "USD"]', '["EUR"]')
    (result,) = tried(tmp_path, rules + broken)
    assert result.event is not None
    assert result.event["properties"] == {"currency": "USD"}


UNUSUAL: dict[str, tuple[str, str, str]] = {
    "the whole event is sent": (
        ORDERS.replace("{ total: properties.total, city: traits.address.city }", "$"),
        "for any event\nexpect no value of traits.*mail* in requests",
        "broken",
    ),
    "the whole event is forbidden": (ORDERS, "for any event\nexpect no value of $ in requests", "broken"),
    "whole requests are expected": (
        'mapping "Merged" -> mapUser {\n  when type = "alias"\n  user_id = userId\n  global_user_id = "user-00"\n}\n',
        'for any event where type = "alias" and userId = "user-11"\n'
        'expect "Merged" exactly [{ form: { mapping: [{ user_id: "user-11", global_user_id: "user-00" }] } }]',
        "held",
    ),
    "the type of the event is read": (
        ORDERS,
        'for any event where type = "page"\nexpect no value of type in requests\nexpect nothing',
        "held",
    ),
    "a failure is expected": (
        ORDERS.replace("  device_id        = anonymousId\n", ""),
        'for any event where type = "track" and event = "Order Completed" and userId = null\n'
        'expect failure "Orders" { field = "user_id" and event.userId = null }',
        "held",
    ),
    "an item of a list by its number": (
        ORDERS.replace("properties.total", "properties.items[1].price"),
        "for any event where properties.items[0].price = 3\nexpect no value of properties.items[].price in requests",
        "broken",
    ),
    "a mapping that is disabled": (f"{ORDERS}disabled {ORDERS.strip().replace('Orders', 'Old')}\n",
                                   'for any event\nexpect no value of traits.email in requests', "proved"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNUSUAL)
def test_unusual_law_is_tried(case: str, tmp_path: Path) -> None:
    rules, body, status = UNUSUAL[case]
    (result,) = tried(tmp_path, HEAD + rules + law(body), count=40)
    assert (result.status, result.problem) == (status, "")


def test_rules_with_many_clauses_are_tried_on_a_bounded_number_of_events(tmp_path: Path) -> None:
    mapping = ORDERS.replace("Order Completed", "Order {0}").replace('"Orders"', '"Orders {0}"')
    rules = "".join(mapping.replace("{0}", str(number)) for number in range(80))
    (result,) = tried(tmp_path, HEAD + rules + law('for any event where type = "page"\nexpect nothing'), count=20)
    assert result.status == "held"
    assert result.events <= MOST_WITNESSES + 21
