"""Each documented difference from Segment holds, and stands on the page with its reason and a test that exists."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

import rulewright
from differential import divergences, request_divergences
from rulewright import MISSING, compile_expression, import_mapping, import_subscriptions
from rulewright.segment.problems import SegmentFormatError
from tests.paths import ROOT
from tests.runtime.destinations.amplitude.reference_requests import PRESETS

PAGE = (ROOT / "docs" / "divergences.md").read_text(encoding="utf-8")
NAMED = re.findall(r"^Test: `([^:]+)::(\w+)`$", PAGE, re.MULTILINE)


def requests(action: str, fields: str, event: dict[str, Any], *, checks: bool = False) -> rulewright.Outcome:
    rules = f'destination amplitude\nmapping "M" -> {action} {{\n  when type = "track"\n{fields}\n}}\n'
    return rulewright.load(rules, settings={"apiKey": "K", "secretKey": "S"}, checks=checks)({"type": "track", **event})


def value(mapping: Any, event: dict[str, Any]) -> Any:
    return compile_expression(import_mapping(mapping))(event)


# --- requests --------------------------------------------------------------------------------------------------------


def test_an_identify_call_without_options_says_nothing_of_them() -> None:
    [request] = requests("identifyUser", "user_id = userId", {"userId": "u-12345"}).requests
    assert request.form is not None
    assert "options" not in request.form


def test_our_own_switch_is_not_sent_as_an_event_field() -> None:
    fields = "event_type = event\nuser_id = userId\nuse_batch_endpoint = true"
    [request] = requests("logEventV2", fields, {"event": "x", "userId": "u-12345"}).requests
    assert request.url.endswith("/batch")
    assert request.json is not None
    assert "use_batch_endpoint" not in request.json["events"][0]


def test_plain_properties_are_folded_into_set() -> None:
    fields = "event_type = event\nuser_id = userId\nuser_properties = traits\nsetAlways = { a: 1 }\non conflict fold"
    event = {"event": "x", "userId": "u-12345", "traits": {"a": 0, "b": 2}}
    [request] = requests("logEventV2", fields, event).requests
    assert request.json is not None
    assert request.json["events"][0]["user_properties"] == {"$set": {"a": 1, "b": 2}}


def test_operations_are_merged_and_known_and_add_wins() -> None:
    fields = "user_id = userId\nuser_properties = traits\nadd = { n: 1 }\nsetOnce = { a: 1 }\non conflict fold"
    traits = {"plan": "pro", "n": 5, "$setAlways": {"b": 2}, "$setOnce": {"c": 3}}
    outcome = requests("identifyUser", fields, {"userId": "u-12345", "traits": traits})
    [request] = outcome.requests
    assert request.form is not None
    assert json.loads(request.form["identification"])["user_properties"] == {
        "$set": {"plan": "pro", "b": 2},
        "$setOnce": {"c": 3, "a": 1},
        "$add": {"n": 1},
    }
    assert [(repair.field, repair.code) for repair in outcome.warnings] == [
        ("user_properties.n", "property_overridden")
    ]
    [failure] = requests("identifyUser", fields, {"userId": "u-12345", "traits": {"$other": 1}}).failures
    assert (failure.code, failure.field) == ("unknown_operation", "user_properties.$other")


def test_a_product_without_a_price_has_no_price() -> None:
    fields = "event_type = event\nuser_id = userId\nproducts = properties.products\ntrackRevenuePerProduct = true"
    event = {"event": "x", "userId": "u-12345", "properties": {"products": [{"quantity": 2, "productId": "p"}]}}
    outcome = requests("logPurchase", fields, event)
    assert [key for request in outcome.requests if request.json for key in request.json["events"][-1]].count(
        "price"
    ) == 0


def test_a_price_without_a_quantity_is_the_price_of_one() -> None:
    fields = "event_type = event\nuser_id = userId\nprice = properties.price\nquantity = properties.quantity"
    [request] = requests(
        "logPurchase", fields, {"event": "x", "userId": "u-12345", "properties": {"price": 5}}
    ).requests
    assert request.json is not None
    assert request.json["events"][0]["revenue"] == 5


def test_a_price_from_the_revenue_is_not_multiplied() -> None:
    fields = "event_type = event\nuser_id = userId\nquantity = properties.quantity\n"
    fields += "price = coalesce(properties.price, properties.revenue)"
    event = {"event": "x", "userId": "u-12345", "properties": {"revenue": 30, "quantity": 3}}
    [request] = requests("logPurchase", fields, event).requests
    assert request.json is not None
    assert request.json["events"][0]["revenue"] == 30
    assert "price" not in request.json["events"][0]


def test_imported_presets_have_no_insert_id() -> None:
    mapper = rulewright.load(import_subscriptions(PRESETS), settings={"apiKey": "K"}, checks=False)
    event = {"type": "page", "name": "Home", "userId": "u-12345", "messageId": "m-1"}
    [request] = mapper(event).requests
    assert request.json is not None
    assert "insert_id" not in request.json["events"][0]


def test_an_id_that_amplitude_refuses_is_a_failure() -> None:
    fields = "event_type = event\nuser_id = userId"
    assert requests("logEventV2", fields, {"event": "x", "userId": "u"}).failures == []
    assert len(requests("logEventV2", fields, {"event": "x", "userId": "u"}, checks=True).failures) == 1


# --- mappings --------------------------------------------------------------------------------------------------------


def test_a_placeholder_in_the_data_is_text() -> None:
    assert value({"@template": "{{{a}}}"}, {"a": "{{b}}", "b": "secret"}) == "{{b}}"


def test_a_key_that_compact_takes_out_hides_nothing() -> None:
    objects = [{"@path": "$.a"}, {"@excludeWhenNull": {"@path": "$.b"}}]
    mapping = {"@merge": {"objects": objects, "direction": "right"}}
    assert value(mapping, {"a": {"k": 1}, "b": {"k": None}}) == {"k": 1}


def test_an_item_that_leads_nowhere_is_null_at_once() -> None:
    assert value({"@flatten": {"value": [{"@path": "$.nope"}], "separator": "."}}, {}) == {"0": None}


def test_half_a_character_is_the_replacement_character() -> None:
    assert value({"@path": "$.event[0]"}, {"event": "\U0001f600"}) == "\ufffd"


def test_a_path_reads_the_event_alone() -> None:
    assert value({"@path": "$.properties.constructor"}, {"properties": {}}) is MISSING
    assert value({"@template": "{{properties.constructor}}"}, {"properties": {}}) == ""
    assert value({"@path": "$.event.length"}, {"event": "abc"}) == 3
    assert value({"@path": "$.traits"}, {"traits": {"__proto__": 1}}) == {"__proto__": 1}
    assert value({"@if": {"blank": {"toString": 1}, "then": 1, "else": 2}}, {}) == 1


def test_a_large_number_keeps_its_digits() -> None:
    assert value({"@path": "$.id"}, {"id": 9007199254740993}) == 9007199254740993
    assert value({"@template": "{{id}}"}, {"id": 9007199254740993}) == "9007199254740993"
    assert value({"@json": {"mode": "encode", "value": {"@path": "$.id"}}}, {"id": 2**70}) == str(2**70)
    assert value({"@template": "{{id}}"}, {"id": 9007199254740993.0}) == "9007199254740992"
    assert value({"@template": "{{id}}"}, {"id": 1e21}) == "1e+21"


def test_null_in_a_product_is_no_value() -> None:
    fields = "user_id = userId\nevent_type = event\ntrackRevenuePerProduct = true\nproducts = properties.products"
    products = [{"price": None, "quantity": 2, "revenue": 20}, {"price": "", "revenue": 3}]
    event = {"event": "x", "userId": "u-12345", "properties": {"products": products}}
    [request] = requests("logPurchase", fields, event).requests
    assert request.json is not None
    assert [sent.get("revenue") for sent in request.json["events"]] == [None, 20, 3]


@pytest.mark.parametrize("blank", [" ", "\u00a0", [" "], [None], [""]])
def test_blank_text_is_no_number(blank: Any) -> None:
    fields = "user_id = userId\nevent_type = event\nlocation_lat = properties.at\nprice = properties.at\nrevenue = 20"
    event = {"event": "x", "userId": "u-12345", "properties": {"at": blank}}
    outcome = requests("logPurchase", fields, event)
    [request] = outcome.requests
    assert request.json is not None
    [sent] = request.json["events"]
    assert (sent["revenue"], "location_lat" in sent, "price" in sent) == (20, False, False)
    said = ["blank_text"] * 2 if blank in (" ", "\u00a0", [" "]) else []
    assert [warning.code for warning in outcome.warnings] == said


def test_infinity_is_not_an_id() -> None:
    for number in (float("inf"), [float("nan")]):
        outcome = requests("logEventV2", "user_id = userId\nevent_type = event", {"event": "x", "userId": number})
        assert [(failure.field, failure.code) for failure in outcome.failures] == [("user_id", "wrong_type")]
    assert value({"@template": "{{id}}"}, {"id": float("inf")}) == "Infinity"


def test_what_is_refused_is_refused_in_lists_as_well() -> None:
    for mapping in ({"@case": {"operator": "upper", "value": 5}}, [{"@case": {"operator": "upper", "value": 5}}]):
        with pytest.raises(SegmentFormatError):
            import_mapping(mapping)


def test_an_item_that_is_not_an_object_has_no_members() -> None:
    shape = {"@transform": {"apply": {"x": {"@path": "$.y"}}, "mapping": {"z": {"@path": "$.x"}}}}
    assert value({"@arrayPath": ["$.list", shape]}, {"list": ["text", {"y": 1}]}) == [{}, {"z": 1}]


# --- the page --------------------------------------------------------------------------------------------------------


def test_every_divergence_that_the_differential_run_knows_is_on_the_page() -> None:
    names = {**vars(divergences), **vars(request_divergences)}
    known = {text for name, text in names.items() if name.isupper() and isinstance(text, str)}
    assert known - set(re.findall(r"^### (.+)$", PAGE, re.MULTILINE)) == set()


CONDITIONS = {
    1: "`options=undefined` in form bodies",
    2: "`use_batch_endpoint` inside an event",
    3: "plain user properties beside operations",
    4: "keys of products whose value is undefined",
    5: "`insert_id`, `product_id` and `revenue_type` in the defaults",
    6: "opt-outs",
    7: "text and numbers that are not times",
    8: "whole numbers beyond 2⁵³",
    9: "blank IDs, names, referrers and campaigns",
    10: "groups beyond Amplitude's limits",
    11: "`ios` and `android` within a word of a platform",
    12: "operations on user properties",
    13: "a price without a quantity",
    14: "a malformed pattern of `match`",
}
"""Where a row of the conformance vectors may differ, by the numbers that reference_requests.py has for them."""


def test_every_condition_of_the_vectors_is_on_the_page() -> None:
    assert list(CONDITIONS) == list(range(1, 15))
    assert set(CONDITIONS.values()) - set(re.findall(r"^### (.+)$", PAGE, re.MULTILINE)) == set()


def test_the_comparison_applies_no_other_condition() -> None:
    comparison = (ROOT / "tests/runtime/destinations/amplitude/reference_requests.py").read_text(encoding="utf-8")
    applied = {int(number) for number in re.findall(r"(?:# |\"\"\")(\d+): ", comparison)}
    assert {1, 2, 3} <= applied <= set(CONDITIONS)


def test_every_divergence_has_a_reason() -> None:
    sections = PAGE.split("\n### ")[1:]
    assert [section.splitlines()[0] for section in sections if "\nReason: " not in section] == []


def test_every_divergence_names_a_test() -> None:
    assert len(NAMED) == PAGE.count("\n### ")


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_named_test_exists(file: str, name: str) -> None:
    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")
