"""Values that are written out: what `check` says of them is what running them shows."""

from __future__ import annotations

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rulewright import load
from rulewright.checking import check
from rulewright.dsl.rule_error import RuleError
from rulewright.loading.rule_files import read_rules_text

EVENT = {
    "type": "track",
    "event": "Order Completed",
    "userId": "user-0001",
    "anonymousId": "device-0001",
    "timestamp": "2026-01-02T03:04:05.000Z",
    "properties": {"products": [{"product_id": "p-1", "price": 5, "quantity": 1}], "revenue": 5},
}
FIELDS = (
    "user_id",
    "device_id",
    "time",
    "session_id",
    "event_properties",
    "groups",
    "ip",
    "price",
    "insert_id",
    "event_id",
    "event_type",
    "revenue",
    "location_lat",
    "productId",
    "platform",
)
texts = st.sampled_from(
    [
        "",
        " ",
        "\u200b",
        "-1",
        "0x10",
        "1709294400",
        "abc",
        "anonymous",
        "NULL",
        "user-0001",
        "03/01/2024",
        "2026-01-02T03:04:05Z",
        "5",
        "x" * 1200,
    ]
)
values = st.recursive(
    texts | st.sampled_from([0, -5, 5, 1.5, True, False, None]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2),
    max_leaves=4,
)


def rules(field: str, value: str, action: str = "logEventV2", rest: str = "") -> str:
    return (
        f'destination amplitude\nmapping "A" -> {action} {{\n  when type = "track"\n  use defaults\n'
        f"  user_properties = omit\n  {field} = {value}\n{rest}}}\n"
    )


def codes(text: str) -> set[str]:
    return {finding.code for finding in check(read_rules_text(text)).findings if finding.severity == "error"}


def warnings(text: str) -> set[str]:
    findings = check(read_rules_text(text)).findings
    return {
        finding.message.partition(" is never sent as it is written: ")[2]
        for finding in findings
        if finding.code == "RW0315"
    }


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(FIELDS), values)
@example("productId", "x" * 1200)
def test_a_value_is_an_error_if_a_run_refuses_it_and_a_warning_if_a_run_repairs_it(field: str, value: object) -> None:
    text = rules(field, json.dumps(value), "logPurchase")
    try:
        outcome = load(text, settings={})(EVENT)
    except RuleError:
        return
    refused = any((failure.field or "").startswith(field) for failure in outcome.failures)
    assert bool(codes(text)) is refused
    if not refused:
        assert warnings(text) == {warning.message for warning in outcome.warnings}


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(FIELDS),
    values,
    st.sampled_from(
        [
            "if(properties.revenue = 5, {}, properties.x)",
            "coalesce({}, properties.x)",
            "default(properties.x, {})",
        ]
    ),
)
@example("event_type", "", "coalesce({}, properties.x)")
@example("user_id", " ", "coalesce({}, properties.x)")
@example("user_id", "anonymous", "default(properties.x, {})")
def test_an_alternative_is_judged_as_a_run_that_takes_it_does(field: str, value: object, form: str) -> None:
    text = rules(field, form.format(json.dumps(value)), "logPurchase")
    try:
        outcome = load(text, settings={})(EVENT)
    except RuleError:
        return
    refusals = {failure.code for failure in outcome.failures if (failure.field or "").startswith(field)}
    assert bool(codes(text)) is bool(refusals - {"missing_field"})
    found = warnings(text)
    if value not in (None, []) and refusals == {"missing_field"}:
        assert found
    if not refusals:
        noted = {warning.message for warning in outcome.warnings}
        # A coalesce of an ID passes over what is blank and notes nothing; the blank has no effect, which is said.
        assert found == noted or (not noted and form.startswith("coalesce"))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("user_id", 'coalesce(userId, "anonymous")', "RW0310"),
        ("user_id", 'if(name = "x", "abc", userId)', "RW0310"),
        ("event_properties", '{ at: timestamp_ms("03/01/2024"), name: name }', "RW0308"),
        ("event_properties", '{ n: number("12,50") + 1 }', "RW0308"),
        ("city", '-"y"', "RW0308"),
        ("city", 'coalesce(properties.city, -("y"))', "RW0308"),
        ("event_properties", '{ n: [-"y"], name: name }', "RW0308"),
        ("event_properties", '{ n: 1 - -if(true, "y", 2) }', "RW0308"),
        ("event_properties", "{ n: -3, m: 0 - 1 }", None),
        ("time", "timestamp_ms(timestamp)", None),
        ("user_id", 'lowercase("ABC")', "RW0310"),
        ("user_id", '"user-{{name}}"', None),
        ("products", '[{ price: "abc" } for p in properties.products]', "RW0310"),
        ("products", "[{ price: p.price } for p in properties.products]", None),
        ("event_type", 'coalesce(event, "")', None),
        ("event_type", 'if(name = "x", name, " ")', None),
    ],
)
def test_a_part_that_no_event_decides_is_judged_by_itself(field: str, value: str, code: str | None) -> None:
    assert codes(rules(field, value)) == ({code} if code else set())


def test_the_help_for_an_alternative_that_counts_as_no_value_does_what_it_says() -> None:
    found = check(read_rules_text(rules("event_type", 'coalesce(properties.x, "")'))).findings
    (finding,) = [finding for finding in found if finding.code == "RW0315"]
    assert finding.help == ("write another value, or `omit` if such an event is to fail",)
    instead = rules("event_type", "coalesce(properties.x, omit)")
    assert warnings(instead) == set()
    assert [failure.code for failure in load(instead, settings={})(EVENT).failures] == ["missing_field"]


@pytest.mark.parametrize(
    ("limit", "is_found"),
    [
        ("", True),
        ("min_id_length = 2\n", False),
        ("min_id_length = 4\n", True),
        ("min_id_length = properties.least\n", False),
    ],
)
def test_the_least_length_of_an_id_that_the_mapping_sets_counts(limit: str, is_found: bool) -> None:
    assert ("RW0310" in codes(rules("user_id", '"abc"', rest=limit))) is is_found
