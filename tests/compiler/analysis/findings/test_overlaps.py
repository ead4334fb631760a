"""Events that two mappings send, and rules that only nearly send one twice."""

from __future__ import annotations

import json

import pytest

from rulewright.loading.expressions import compile_trigger

from .cases import ORDER, TRACK, Case, assert_found, findings_of, mapping

CASES = [
    Case(
        "an event that two mappings send",
        mapping("Checkout", f'{TRACK} and contains(event, "Order")') + mapping("Orders", f"{TRACK} and {ORDER}"),
        "RW0403",
        f'{TRACK} and contains(event, "Order")',
        {"type": "track", "event": "Order Completed"},
        'add `and event != "Order Completed"` to "Checkout"',
    ),
    Case(
        "an event that one excludes",
        mapping("Others", f'{TRACK} and event != "Order Completed"') + mapping("Orders", f"{TRACK} and {ORDER}"),
        "RW0403",
        None,
    ),
    Case(
        "a second that sends no event", mapping("A", TRACK) + mapping("B", TRACK, action="identifyUser"), "RW0403", None
    ),
    Case("a second that is disabled", mapping("A", TRACK) + "disabled " + mapping("B", TRACK), "RW0403", None),
    Case(
        "an overlap that is dropped",
        f"drop when {ORDER}\n" + mapping("A", TRACK) + mapping("B", ORDER),
        "RW0403",
        None,
    ),
    Case(
        "an overlap that only running shows",
        mapping("A", f"{TRACK} and properties.a = properties.b") + mapping("B", 'properties.a = "x"'),
        "RW0403",
        f"{TRACK} and properties.a = properties.b",
        {"type": "track", "properties": {"a": "x", "b": "x"}},
    ),
    Case(
        "a witness on what a filter strips is not shown",
        "drop properties.email\n" + mapping("A", "properties.email != null") + mapping("B", TRACK),
        "RW0403",
        None,
    ),
    Case(
        "a filter strips something else",
        "drop properties.email\n" + mapping("A", "properties.plan != null") + mapping("B", TRACK),
        "RW0403",
        "properties.plan != null",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.code} {case.what}")
def test_findings(case: Case) -> None:
    assert_found(case)


def test_a_witness_of_an_overlap_meets_both_compiled_triggers() -> None:
    first, second = 'match(event, "*a?c*") and properties.n > 2', "length(event) = 5 and properties.n < 3"
    (finding,) = findings_of(mapping("A", first) + mapping("B", second), "RW0403")
    event = json.loads(finding.example)
    assert compile_trigger(first)(event)
    assert compile_trigger(second)(event)


def test_many_overlaps_of_one_mapping_are_told_by_three() -> None:
    rules = "".join(mapping(f"M{number}", TRACK) for number in range(8))
    messages = [finding.message for finding in findings_of(rules, "RW0403")]
    assert sum(message.startswith('"M0" and') for message in messages) == 3
