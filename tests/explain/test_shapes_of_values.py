"""A value of any shape can be explained in any field: its parts are where coercion leaves them."""

from __future__ import annotations

from typing import Any

import pytest

from rulewright.dsl.rule_error import RuleError
from rulewright.explain.explanation import explain
from rulewright.explain.request_rows import RequestRow
from rulewright.loading.catalog import catalog
from rulewright.runtime.semantics.event import Event
from rulewright.runtime.semantics.missing import MISSING
from tests.rules_text import rules

EVENT: Event = {
    "type": "track",
    "event": "Order",
    "userId": "user-1",
    "properties": {"products": [{"price": 1}, "x", None, 5], "total": 10, "one": {"price": 2}},
}
SHAPES = (
    "event",
    "properties.one",
    "properties.products",
    "{}",
    "[]",
    "{ a: event }",
    "{ a: gone.b, c: { d: properties.total } }",
    "{ price: properties.total, quantity: 1 }",
    "[{ price: p } for p in properties.products]",
    "[{ price: p.price, x: { y: p } } for p in properties.products if p != null]",
    "[{ price: p } for p in properties.one]",
    "{ a: [{ b: p } for p in properties.products] }",
    "[event, { a: event }]",
    "[if(p = 5, { price: p }, omit) for p in properties.products]",
)
FIELDS = {
    facts.name: action.name
    for action in catalog().destinations["amplitude"].actions.values()
    for facts in action.fields
    if facts.type == "object"
}
"""An action for each field that takes objects."""


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape_in_any_field_is_explained(name: str, shape: str) -> None:
    try:
        traced = rules(f"when true\nuse defaults\n{name} = {shape}", FIELDS[name])
    except RuleError:
        return
    for event in (EVENT, {"type": "track"}):
        (mapping,) = explain(traced, event).mappings
        rows = [row for request in mapping.requests for _, group in request.groups for row in group]
        assert all(not row.reason.endswith("because ") for row in [*rows, *mapping.left_out, *mapping.unused])


def products(value: str, **properties: Any) -> dict[str, RequestRow]:
    """The rows of an order's second event, and of what is left out, by name."""
    text = f"when true\nuser_id = userId\ntrackRevenuePerProduct = true\nproducts = {value}"
    (mapping,) = explain(rules(text, "logPurchase"), {**EVENT, "properties": properties}).mappings
    return {row.name: row for row in [*mapping.requests[0].groups[1][1], *mapping.left_out]}


def test_a_single_object_is_the_only_item_of_a_field_of_many() -> None:
    by_name = products("{ sku: properties.sku, note: gone.note }", sku="s-1")
    assert by_name["event_properties.sku"].source == "properties.sku"
    assert by_name["products[0].note"].value is MISSING


def test_a_condition_of_constants_is_no_reason() -> None:
    price = products("{ price: properties.total, quantity: 1 }", total=10)["price"]
    assert (price.source, price.reason) == ("properties.total", "")
