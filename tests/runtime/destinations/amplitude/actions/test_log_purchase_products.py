"""The revenue of products: what a product lacks, and what is not sent for it, is in a warning."""

from __future__ import annotations

import json
from typing import Any

import pytest

import rulewright
from tests.paths import ROOT

from .orders import Values, outcome_of, rules, sold

PER_PRODUCT = rules("trackRevenuePerProduct = true")


@pytest.mark.parametrize(
    ("properties", "messages"),
    [
        (
            {"revenue": 50, "products": [{"product_id": "a"}, {"quantity": 2}]},
            [
                'no revenue in 2 of 2 products, and the 50 of the order are not sent; `products[0]` ("a") needs '
                "`revenue`, or `price` and `quantity`; `products[1]` needs `revenue`, or `price`"
            ],
        ),
        (
            {"price": 5, "quantity": 2, "products": [{}]},
            [
                "no revenue in 1 of 1 product, and the 10 of the order are not sent; `products[0]` needs `revenue`, "
                "or `price` and `quantity`"
            ],
        ),
        (
            {"products": [{"price": 5}, {"revenue": 3}, {"sku": "free"}]},
            ["no revenue in 1 of 3 products; `products[2]` needs `revenue`, or `price` and `quantity`"],
        ),
        (
            {"revenue": 50, "products": [{"price": 0, "quantity": 1}]},
            ["no revenue in 1 of 1 product, and the 50 of the order are not sent"],
        ),
        ({"revenue": 50, "products": [{"price": 0, "quantity": 1}, {"revenue": 50}]}, []),
        ({"products": [{"price": 0, "quantity": 1}]}, []),
        ({"revenue": 50, "products": [{"price": 5}, {"revenue": 3}, {"price": 2, "quantity": 2}]}, []),
        ({"revenue": 50, "products": []}, []),
        ({"revenue": 50}, []),
    ],
)
def test_a_product_without_revenue_is_said(properties: Values, messages: list[str]) -> None:
    warnings = outcome_of(PER_PRODUCT, properties).warnings
    assert [(repair.mapping, repair.field, repair.code) for repair in warnings] == [
        ("Orders", "products", "no_product_revenue")
    ] * len(messages)
    assert [repair.message for repair in warnings] == messages


@pytest.mark.parametrize("nothing", [None, ""])
@pytest.mark.parametrize(
    ("product", "line"),
    [
        ({"revenue": 20, "quantity": 2}, {"revenue": 20, "quantity": 2}),
        ({"revenue": 20}, {"revenue": 20}),
        ({"price": 10}, {"price": 10, "revenue": 10}),
        ({"price": 10, "quantity": 2}, {"price": 10, "quantity": 2, "revenue": 20}),
        ({"quantity": 2}, {}),
        ({}, {}),
    ],
)
def test_null_and_empty_text_of_a_product_are_no_value(product: Values, line: Values, nothing: str | None) -> None:
    """A price of null beside a revenue is not a price of zero, which would be multiplied and hide the revenue."""
    given = dict.fromkeys(("price", "quantity", "revenue"), nothing) | product
    result = outcome_of(PER_PRODUCT, {"revenue": 7, "products": [given]})
    assert sold(result) == [{}, line]
    assert [warning.code for warning in result.warnings] == ([] if line else ["no_product_revenue"])
    (request,) = result.requests
    assert request.json is not None
    assert request.json["events"][1]["event_properties"] == product


def test_a_product_that_is_null_has_no_properties() -> None:
    result = outcome_of(PER_PRODUCT, {"products": [None, {"price": 5}]})
    assert sold(result) == [{}, {}, {"price": 5, "revenue": 5}]
    (warning,) = result.warnings
    assert "`products[0]` needs `revenue`, or `price` and `quantity`" in warning.message


def test_a_product_of_a_shorter_list_is_named_by_its_id() -> None:
    text = rules(
        "trackRevenuePerProduct = true",
        "products = [{ productId: p.product_id } for p in properties.products if p.is_sold]",
    )
    products = [{"product_id": "a"}, {"product_id": "b", "is_sold": True}]
    (warning,) = outcome_of(text, {"revenue": 9, "products": products}).warnings
    assert '`products[0]` ("b") needs `revenue`' in warning.message


@pytest.mark.parametrize(
    ("products", "message"),
    [
        (["sku-1"], "the mapping reads nothing of 1 of 1 product (`products[0]`); each line is sent empty"),
        (
            [{"price": 1}, None, {"name": "Shirt"}],
            "the mapping reads nothing of 2 of 3 products (`products[1]`, `products[2]`); each line is sent empty",
        ),
        (
            [5] * 7,
            "the mapping reads nothing of 7 of 7 products (`products[0]`, `products[1]`, `products[2]`, `products[3]`, "
            "`products[4]`, …); each line is sent empty",
        ),
        ([{"price": 0}, {"revenue_type": "tax"}], None),
        ([], None),
        (None, None),
    ],
)
def test_a_product_of_which_nothing_is_read_is_said(products: Any, message: str | None) -> None:
    preset = rulewright.load(ROOT / "rules" / "amplitude" / "presets.rules")
    event = {"type": "track", "event": "Order Completed", "userId": "user-1", "properties": {"products": products}}
    for outcome in (preset(event), preset.map_bytes(json.dumps(event))):
        said = [(repair.field, repair.code, repair.message) for repair in outcome.warnings]
        assert said == ([] if message is None else [("products", "empty_product", message)])
        [request] = outcome.requests
        assert request.json is not None
        assert len(request.json["events"]) == 1 + len(products or [])


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"revenue": 5, "price": 0, "quantity": 2}, "5 is not sent: 2 × 0 wins, and is zero"),
        ({"revenue": -5, "price": 3, "quantity": 0}, "-5 is not sent: 0 × 3 wins, and is zero"),
        # nothing is lost
        ({"revenue": 5, "price": 0}, None),
        ({"revenue": 0, "price": 0, "quantity": 2}, None),
        ({"price": 0, "quantity": 2}, None),
        ({"revenue": 5, "price": 1, "quantity": 2}, None),
    ],
)
def test_a_revenue_that_a_price_or_a_quantity_of_zero_hides_is_said(properties: Values, message: str | None) -> None:
    of_order = [(repair.field, repair.code, repair.message) for repair in outcome_of(rules(), properties).warnings]
    assert of_order == ([] if message is None else [("revenue", "zero_revenue", message)])
    of_line = [
        (repair.field, repair.code, repair.message)
        for repair in outcome_of(PER_PRODUCT, {"products": [properties]}).warnings
    ]
    assert of_line == ([] if message is None else [("products[0].revenue", "zero_revenue", message)])


def test_a_long_order_names_the_first_lines() -> None:
    (warning,) = outcome_of(PER_PRODUCT, {"revenue": 9, "products": [{}] * 8}).warnings
    assert warning.message.count("needs") == 5
    assert warning.message.endswith("; …")


def test_an_order_with_its_own_revenue_says_nothing_of_its_products() -> None:
    assert outcome_of(rules(), {"revenue": 50, "products": [{"productId": "p-1"}]}).warnings == []
