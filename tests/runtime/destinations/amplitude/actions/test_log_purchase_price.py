"""A price is multiplied by the quantity, and a total never, whatever expression it is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright import import_subscriptions

from .orders import Values, order_of, outcome_of, rules, sold

DOCUMENTED = "coalesce(properties.price, properties.revenue, properties.total)"
"""The line that docs/amplitude.md and docs/moving-from-amplitude-classic.md show for "Log Revenue V2"."""


@pytest.mark.parametrize(
    ("properties", "order"),
    [
        ({"total": 129.9}, {"price": 129.9, "revenue": 129.9}),
        ({"revenue": 30}, {"price": 30, "revenue": 30}),
        ({"revenue": 30, "quantity": 3}, {"quantity": 3, "revenue": 30}),
        ({"total": 50, "quantity": 2}, {"quantity": 2, "revenue": 50}),
        ({"total": "50", "quantity": "2"}, {"quantity": 2, "revenue": 50}),
        ({"total": 50, "quantity": 0}, {"quantity": 0, "revenue": 50}),
        ({"total": 50, "quantity": 2, "revenue": None}, {"quantity": 2, "revenue": 50}),
        ({"total": -50, "quantity": 2}, {"quantity": 2, "revenue": -50}),
        # one unit costs what all cost
        ({"total": 50, "quantity": 1}, {"price": 50, "quantity": 1, "revenue": 50}),
        # a price is a price, also where it equals the revenue
        ({"price": 30, "revenue": 30, "quantity": 3}, {"price": 30, "quantity": 3, "revenue": 90}),
        ({"price": 10, "quantity": 3, "total": 99}, {"price": 10, "quantity": 3, "revenue": 30}),
        ({"price": 10, "quantity": 1, "revenue": 99}, {"price": 10, "quantity": 1, "revenue": 10}),
        ({"price": 19.9}, {"price": 19.9, "revenue": 19.9}),
        # with no quantity, the revenue that the event names is right
        ({"price": 10, "revenue": 25}, {"price": 10, "revenue": 25}),
        ({"quantity": 3}, {}),
        ({"total": 0, "quantity": 3}, {}),
        ({"price": 0, "total": 50, "quantity": 3}, {}),
        ({}, {}),
    ],
)
def test_the_documented_price_is_multiplied_only_where_it_is_a_price(properties: Values, order: Values) -> None:
    assert sold(outcome_of(rules(f"price = {DOCUMENTED}"), properties)) == [order]


@pytest.mark.parametrize(
    ("price", "revenue"),
    [
        ("properties.price", 30),
        ("properties.total", 50),
        ("properties.revenue", 45),
        ('properties."total"', 50),
        ("number(properties.total)", 50),
        ("round(properties.total, 1)", 50),
        ("-properties.total", -50),
        ("properties.total / 100", 0.5),
        ("properties.total - properties.shipping", 46),
        ("properties.checkout.total", 52),
        ("sum([p.revenue for p in properties.products])", 44),
        ('if(properties.kind = "refund", properties.total, properties.price)', 50),
        ('if(properties.kind = "sale", properties.total, properties.price)', 30),
        ('coalesce(if(properties.kind = "sale", properties.price, omit), properties.total)', 50),
        ("coalesce(properties.none, number(coalesce(properties.other, properties.total)))", 50),
        ("default(properties.none, properties.total)", 50),
        ("default(properties.empty, properties.total)", 50),
        ("default(properties.price, properties.total)", 30),
        ("default(properties.free, properties.total)", 0),
        ("default(properties.empty, properties.price)", 30),
        ("number(default(properties.none, default(properties.price, properties.total)))", 30),
        # divided by the quantity, a total is the price of one
        ("properties.total / properties.quantity", 50),
        ("round(properties.total / number(properties.quantity), 2)", 50),
        ("coalesce(properties.none, properties.total / properties.quantity, properties.total)", 50),
        # neither revenue nor total: a price, whatever it is called
        ("properties.unit", 6),
        ("properties.subtotal", 14),
        ("2", 4),
    ],
)
def test_what_a_price_is_computed_from_says_whether_it_is_a_total(price: str, revenue: float) -> None:
    properties = {
        "price": 15, "quantity": 2, "revenue": 45, "total": 50, "unit": 3, "subtotal": 7, "shipping": 4,
        "kind": "refund", "empty": "", "free": 0, "checkout": {"total": 52},
        "products": [{"revenue": 20}, {"revenue": 24}],
    }  # fmt: skip
    assert sold(outcome_of(rules(f"price = {price}"), properties))[0].get("revenue", 0) == revenue


def test_a_quantity_by_another_name_is_a_quantity() -> None:
    fields = rules("price = properties.total / properties.count", "quantity = properties.count", "revenue = omit")
    assert sold(outcome_of(fields, {"total": 50, "count": 2})) == [{"price": 25, "quantity": 2, "revenue": 50}]
    fields = rules(f"price = {DOCUMENTED}", "quantity = 4", "revenue = properties.gross")
    assert sold(outcome_of(fields, {"total": 50, "gross": 60})) == [{"quantity": 4, "revenue": 50}]
    assert sold(outcome_of(fields, {"gross": 60})) == [{"quantity": 4, "revenue": 60}]


LINES = "[{ price: coalesce(p.price, p.revenue, p.total), quantity: p.quantity } for p in properties.products]"


def test_the_lines_of_an_order_follow_the_same_rule() -> None:
    fields = rules("trackRevenuePerProduct = true", f"products = {LINES}")
    products = [{"revenue": 30, "quantity": 3}, {"price": 2, "quantity": 3}, {"price": 5}, {"total": 7, "quantity": 1}]
    assert sold(outcome_of(fields, {"products": products})) == [
        {},
        {"quantity": 3, "revenue": 30},
        {"price": 2, "quantity": 3, "revenue": 6},
        {"price": 5, "revenue": 5},
        {"price": 7, "quantity": 1, "revenue": 7},
    ]


def test_an_imported_price_that_falls_back_to_the_total_is_the_same() -> None:
    def at(path: str) -> Values:
        return {"@path": f"$.properties.{path}"}

    mapping = {
        "user_id": {"@path": "$.userId"},
        "event_type": {"@path": "$.event"},
        "quantity": at("quantity"),
        "price": {"@if": {"exists": at("price"), "then": at("price"), "else": at("total")}},
    }
    subscription = {
        "name": "Orders", "partnerAction": "logPurchase", "subscribe": 'type = "track"', "enabled": True,
        "mapping": mapping,
    }  # fmt: skip
    text = import_subscriptions([subscription])
    assert sold(outcome_of(text, {"total": 50, "quantity": 2})) == [{"quantity": 2, "revenue": 50}]
    assert sold(outcome_of(text, {"price": 50, "quantity": 2})) == [{"price": 50, "quantity": 2, "revenue": 100}]


def test_every_row_of_log_revenue_v2_arrives() -> None:
    """Segment's page, "Log Revenue v2": in the names of the Android library, and in those of the iOS library."""
    own = '"price", "quantity", "revenue", "total", "productId", "product_id", "revenueType", "revenue_type"'
    fields = rules(f"price = {DOCUMENTED}", f"event_properties = without(properties, {own})")
    receipt = {"receipt": "r-1", "receiptSignature": "s-1"}
    for names in (("productId", "revenueType"), ("product_id", "revenue_type")):
        properties = {**dict(zip(names, ("p-1", "refund"), strict=True)), **receipt, "total": -8, "coupon": "MAY"}
        (request,) = outcome_of(fields, properties).requests
        assert request.json is not None
        (event,) = request.json["events"]
        sent = {name: event[name] for name in ("productId", "revenueType", "price", "revenue", "event_properties")}
        assert sent == {
            "productId": "p-1",
            "revenueType": "refund",
            "price": -8,
            "revenue": -8,
            "event_properties": {**receipt, "coupon": "MAY"},
        }


CHOSEN = [
    (
        "max(properties.price, properties.total)",
        {"price": 40, "total": 30},
        {"price": 40, "quantity": 3, "revenue": 120},
    ),
    ("max(properties.price, properties.total)", {"price": 10, "total": 30}, {"quantity": 3, "revenue": 30}),
    ("max([properties.price, properties.total])", {"price": 40}, {"price": 40, "quantity": 3, "revenue": 120}),
    ("max(properties.revenue, properties.total)", {"revenue": 40, "total": 30}, {"quantity": 3, "revenue": 40}),
    (
        "min(properties.price, properties.total)",
        {"price": 10, "total": 30},
        {"price": 10, "quantity": 3, "revenue": 30},
    ),
    ("min(properties.price, properties.total)", {"price": 40, "total": 30}, {"quantity": 3, "revenue": 30}),
    ("min(properties.price, 99)", {"price": 10, "total": 30}, {"price": 10, "quantity": 3, "revenue": 30}),
    ("max(properties.price, properties.total) * 2", {"price": 40}, {"price": 80, "quantity": 3, "revenue": 240}),
    ("max(properties.price, properties.total) * 2", {"total": 30}, {"quantity": 3, "revenue": 60}),
    ("max(properties.total / properties.quantity, 1)", {"total": 30}, {"price": 10, "quantity": 3, "revenue": 30}),
    ("first([properties.price, properties.total])", {"price": 10}, {"price": 10, "quantity": 3, "revenue": 30}),
    ("first([properties.total, properties.price])", {"total": 30}, {"quantity": 3, "revenue": 30}),
    ("last([properties.price, properties.total])", {"total": 30}, {"quantity": 3, "revenue": 30}),
    ("last([properties.total, properties.price])", {"price": 10}, {"price": 10, "quantity": 3, "revenue": 30}),
]


@pytest.mark.parametrize(("price", "properties", "order"), CHOSEN)
def test_the_value_that_a_function_chooses_says_whether_it_is_a_total(
    price: str, properties: Values, order: Values
) -> None:
    assert sold(outcome_of(rules(f"price = {price}"), {"quantity": 3, **properties})) == [order]


def test_what_a_function_chooses_costs_no_square_of_what_is_written() -> None:
    def text(deep: int) -> str:
        return rules(f"price = {'max(properties.price, ' * deep}properties.total{')' * deep}")

    assert len(rulewright.compile_source(text(90))) < 1.2 * len(rulewright.compile_source(text(45)))
    assert sold(outcome_of(text(90), {"total": 30, "quantity": 3})) == [{"quantity": 3, "revenue": 30}]


class Priced(NamedTuple):
    """An expression, and by hand what it gives: the value and whether that is a total; None for no value."""

    text: str
    result: tuple[float, bool] | None


@st.composite
def priced(draw: st.DrawFn, properties: Mapping[str, Any], depth: int = 3) -> Priced:
    """A price made of paths, fallbacks, branches and functions that keep a value what it is."""
    kinds = ["path", "path", "coalesce", "default", "if", "number", "half"] if depth else ["path"]
    kind = draw(st.sampled_from(kinds))
    if kind == "path":
        key = draw(st.sampled_from(["price", "unit", "revenue", "total"]))
        value = properties.get(key)
        return Priced(f"properties.{key}", None if value is None else (value, key in ("revenue", "total")))
    first = draw(priced(properties, depth - 1))
    if kind == "number":
        return Priced(f"number({first.text})", first.result)
    if kind == "half":
        return Priced(f"({first.text}) / 2", first.result and (first.result[0] / 2, first.result[1]))
    second = draw(priced(properties, depth - 1))
    if kind in ("coalesce", "default"):
        return Priced(f"{kind}({first.text}, {second.text})", first.result or second.result)
    key = draw(st.sampled_from(["price", "total", "kind"]))
    taken = first if properties.get(key) is not None else second
    return Priced(f"if(properties.{key} != null, {first.text}, {second.text})", taken.result)


AMOUNTS = st.none() | st.integers(1, 50).map(lambda number: number * 2.5)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_total_is_never_multiplied_and_a_price_always(data: st.DataObject) -> None:
    keys = ("price", "unit", "revenue", "total")
    properties: Values = {key: data.draw(AMOUNTS) for key in keys} | {"quantity": data.draw(st.integers(2, 5))}
    price = data.draw(priced(properties))
    mapper = rulewright.load(rules(f"price = {price.text}", "revenue = omit"), settings={"apiKey": "KEY"})
    (order,) = sold(mapper(order_of(properties)))
    if price.result is None:
        assert order == {}
    elif price.result[1]:
        assert order == {"quantity": properties["quantity"], "revenue": price.result[0]}
    else:
        assert order["revenue"] == price.result[0] * properties["quantity"]
