"""An order and the lines of its products: revenue, and an insert ID for each line."""

from __future__ import annotations

from typing import Any

import pytest

from tests.runtime.destinations.amplitude.action_requests import send

ORDER = {"user_id": "user-1", "event_type": "Order Completed"}


def orders(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of a purchase, each with its revenue alone."""
    (request,) = send("logPurchase", {**ORDER, **values})
    assert request.json is not None
    names = ("revenue", "revenueType", "price", "quantity", "productId")
    return [{name: sent[name] for name in names if name in sent} for sent in request.json["events"]]


@pytest.mark.parametrize(
    ("values", "revenue"),
    [
        ({"revenue": 5}, [{"revenue": 5, "revenueType": "Purchase"}]),
        (
            {"revenue": 5, "price": 2, "quantity": 3, "revenueType": "tax", "productId": "p"},
            [{"revenue": 6, "revenueType": "tax", "price": 2, "quantity": 3, "productId": "p"}],
        ),
        ({"price": 2, "revenue": 5}, [{"revenue": 5, "revenueType": "Purchase", "price": 2}]),
        (
            {"revenue": -9.5, "revenueType": "refund"},
            [{"revenue": -9.5, "revenueType": "refund"}],
        ),
        ({"price": -5, "quantity": 2}, [{"revenue": -10, "revenueType": "Purchase", "price": -5, "quantity": 2}]),
        ({"revenue": 0}, [{}]),
        ({"price": 5, "quantity": 0, "revenue": 9}, [{}]),
        ({}, [{}]),
    ],
)
def test_an_order_has_its_revenue(values: dict[str, Any], revenue: list[dict[str, Any]]) -> None:
    assert orders(values) == revenue


LINES = [{"price": 2, "quantity": 2}, {"revenue": 3, "productId": "b"}, {"name": "free"}]


def test_total_revenue_is_on_the_order_alone() -> None:
    assert orders({"revenue": 7, "products": LINES}) == [{"revenue": 7, "revenueType": "Purchase"}, {}, {}, {}]


def test_revenue_per_product_is_on_the_lines_alone() -> None:
    assert orders({"revenue": 7, "products": LINES, "trackRevenuePerProduct": True}) == [
        {},
        {"revenue": 4, "revenueType": "Purchase", "price": 2, "quantity": 2},
        {"revenue": 3, "revenueType": "Purchase", "productId": "b"},
        {},
    ]


def test_revenue_per_product_stays_on_an_order_without_products() -> None:
    assert orders({"revenue": 7, "trackRevenuePerProduct": True}) == [{"revenue": 7, "revenueType": "Purchase"}]


def test_a_line_is_an_event_with_an_insert_id_of_its_own() -> None:
    (request,) = send("logPurchase", {**ORDER, "insert_id": "m-1", "products": LINES, "city": "Rome"})
    assert request.json is not None
    order, *lines = request.json["events"]
    assert [line["insert_id"] for line in (order, *lines)] == ["m-1", "m-1-2", "m-1-3", "m-1-4"]
    assert {line["event_type"] for line in lines} == {"Product Purchased"}
    assert [line["event_properties"] for line in lines] == LINES
    assert all(line["city"] == "Rome" and line["user_id"] == "user-1" for line in lines)
