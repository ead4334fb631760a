"""Revenue of purchases: unit prices are multiplied, totals never, and what a product lacks is said."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rulewright
from rulewright import import_subscriptions
from rulewright.runtime.mapper import Mapper
from rulewright.runtime.outcome import Outcome
from tests.paths import ROOT

Values = dict[str, Any]
DOCUMENTED = "coalesce(properties.price, properties.revenue, properties.total)"
"""The line that docs/amplitude.md and docs/moving-from-amplitude-classic.md show for "Log Revenue V2"."""


def rules(*fields: str) -> str:
    body = "\n".join(f"  {field}" for field in fields)
    head = 'destination amplitude\nmapping "Orders" -> logPurchase {\n  when type = "track"\n  use defaults\n'
    return f"{head}{body}\n}}\n"


def order_of(properties: Values) -> Values:
    return {"type": "track", "event": "Order Completed", "userId": "user-1", "properties": properties}


@cache
def mappers(text: str) -> tuple[Mapper, Mapper]:
    """Of loaded rules, and of their module as `rulewright compile` writes it."""
    module: Values = {"__name__": "orders"}
    exec(rulewright.compile_source(text), module)  # noqa: S102 -- the text of a test, compiled
    key = {"apiKey": "KEY"}
    return rulewright.load(text, settings=key), Mapper(module["PROGRAM"], settings=key)


def outcome(text: str, properties: Values) -> Outcome:
    """The outcome of an order, the same for an object, for text, and from the module that stands alone."""
    event = order_of(properties)
    mapper, alone = mappers(text)
    done = mapper(event)
    for other in (mapper.map_bytes(json.dumps(event)), alone(event), alone.map_bytes(json.dumps(event))):
        assert (other.requests, other.warnings) == (done.requests, done.warnings)
    return done


def sold(found: Outcome) -> list[Values]:
    """Price, quantity and revenue of the order and of each line."""
    assert not found.failures, found.failures
    (request,) = found.requests
    assert request.json is not None
    return [
        {name: event[name] for name in ("price", "quantity", "revenue") if name in event}
        for event in request.json["events"]
    ]


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
    assert sold(outcome(rules(f"price = {DOCUMENTED}"), properties)) == [order]


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
    assert sold(outcome(rules(f"price = {price}"), properties))[0].get("revenue", 0) == revenue


def test_a_quantity_by_another_name_is_a_quantity() -> None:
    fields = rules("price = properties.total / properties.count", "quantity = properties.count", "revenue = omit")
    assert sold(outcome(fields, {"total": 50, "count": 2})) == [{"price": 25, "quantity": 2, "revenue": 50}]
    fields = rules(f"price = {DOCUMENTED}", "quantity = 4", "revenue = properties.gross")
    assert sold(outcome(fields, {"total": 50, "gross": 60})) == [{"quantity": 4, "revenue": 50}]
    assert sold(outcome(fields, {"gross": 60})) == [{"quantity": 4, "revenue": 60}]


LINES = "[{ price: coalesce(p.price, p.revenue, p.total), quantity: p.quantity } for p in properties.products]"


def test_the_lines_of_an_order_follow_the_same_rule() -> None:
    fields = rules("trackRevenuePerProduct = true", f"products = {LINES}")
    products = [{"revenue": 30, "quantity": 3}, {"price": 2, "quantity": 3}, {"price": 5}, {"total": 7, "quantity": 1}]
    assert sold(outcome(fields, {"products": products})) == [
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
    assert sold(outcome(text, {"total": 50, "quantity": 2})) == [{"quantity": 2, "revenue": 50}]
    assert sold(outcome(text, {"price": 50, "quantity": 2})) == [{"price": 50, "quantity": 2, "revenue": 100}]


def test_every_row_of_log_revenue_v2_arrives() -> None:
    """Segment's page, "Log Revenue v2": in the names of the Android library, and in those of the iOS library."""
    own = '"price", "quantity", "revenue", "total", "productId", "product_id", "revenueType", "revenue_type"'
    fields = rules(f"price = {DOCUMENTED}", f"event_properties = without(properties, {own})")
    receipt = {"receipt": "r-1", "receiptSignature": "s-1"}
    for names in (("productId", "revenueType"), ("product_id", "revenue_type")):
        properties = {**dict(zip(names, ("p-1", "refund"), strict=True)), **receipt, "total": -8, "coupon": "MAY"}
        (request,) = outcome(fields, properties).requests
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


# --- the revenue of products -----------------------------------------------------------------------------------------

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
    warnings = outcome(PER_PRODUCT, properties).warnings
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
    result = outcome(PER_PRODUCT, {"revenue": 7, "products": [given]})
    assert sold(result) == [{}, line]
    assert [warning.code for warning in result.warnings] == ([] if line else ["no_product_revenue"])
    (request,) = result.requests
    assert request.json is not None
    assert request.json["events"][1]["event_properties"] == product


def test_a_product_that_is_null_has_no_properties() -> None:
    result = outcome(PER_PRODUCT, {"products": [None, {"price": 5}]})
    assert sold(result) == [{}, {}, {"price": 5, "revenue": 5}]
    (warning,) = result.warnings
    assert "`products[0]` needs `revenue`, or `price` and `quantity`" in warning.message


def test_a_product_of_a_shorter_list_is_named_by_its_id() -> None:
    text = rules(
        "trackRevenuePerProduct = true",
        "products = [{ productId: p.product_id } for p in properties.products if p.is_sold]",
    )
    products = [{"product_id": "a"}, {"product_id": "b", "is_sold": True}]
    (warning,) = outcome(text, {"revenue": 9, "products": products}).warnings
    assert '`products[0]` ("b") needs `revenue`' in warning.message


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
    assert sold(outcome(rules(f"price = {price}"), {"quantity": 3, **properties})) == [order]


def test_what_a_function_chooses_costs_no_square_of_what_is_written() -> None:
    def text(deep: int) -> str:
        return rules(f"price = {'max(properties.price, ' * deep}properties.total{')' * deep}")

    assert len(rulewright.compile_source(text(90))) < 1.2 * len(rulewright.compile_source(text(45)))
    assert sold(outcome(text(90), {"total": 30, "quantity": 3})) == [{"quantity": 3, "revenue": 30}]


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
        said = [(one.field, one.code, one.message) for one in outcome.warnings]
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
    of_order = [(repair.field, repair.code, repair.message) for repair in outcome(rules(), properties).warnings]
    assert of_order == ([] if message is None else [("revenue", "zero_revenue", message)])
    of_line = [
        (repair.field, repair.code, repair.message)
        for repair in outcome(PER_PRODUCT, {"products": [properties]}).warnings
    ]
    assert of_line == ([] if message is None else [("products[0].revenue", "zero_revenue", message)])


def test_a_long_order_names_the_first_lines() -> None:
    (warning,) = outcome(PER_PRODUCT, {"revenue": 9, "products": [{}] * 8}).warnings
    assert warning.message.count("needs") == 5
    assert warning.message.endswith("; …")


def test_an_order_with_its_own_revenue_says_nothing_of_its_products() -> None:
    assert outcome(rules(), {"revenue": 50, "products": [{"productId": "p-1"}]}).warnings == []


# --- a law -----------------------------------------------------------------------------------------------------------


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
    one = draw(priced(properties, depth - 1))
    if kind == "number":
        return Priced(f"number({one.text})", one.result)
    if kind == "half":
        return Priced(f"({one.text}) / 2", one.result and (one.result[0] / 2, one.result[1]))
    other = draw(priced(properties, depth - 1))
    if kind in ("coalesce", "default"):
        return Priced(f"{kind}({one.text}, {other.text})", one.result or other.result)
    key = draw(st.sampled_from(["price", "total", "kind"]))
    taken = one if properties.get(key) is not None else other
    return Priced(f"if(properties.{key} != null, {one.text}, {other.text})", taken.result)


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
