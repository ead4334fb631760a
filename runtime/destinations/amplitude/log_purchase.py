"""Log Purchase: an event with its revenue, and one more event for each line of the order."""

from __future__ import annotations

from math import floor

from ...action import Action, Binding, Build
from ...payload import described, fields_of
from .event_fields import PRODUCTS, EventPayload
from .events import event_builder
from .objects import IDENTITY, REFERRER, SOURCE, UTM, Product, UtmProperties
from .requests import Lookup, Payload
from .user_properties import add_touches

LINE = "Product Purchased"
"""The event type of a line of the order."""


class LogPurchase(EventPayload):
    """The payload."""

    trackRevenuePerProduct: bool | None = described(
        "Track Revenue Per Product",
        "With it, each line of the order carries its own revenue; without it, the order carries all of it, once.",
        steers=True,
    )
    products: list[Product] | None = described("Products", PRODUCTS, steers=True)
    utm_properties: UtmProperties | None = described("UTM Properties", UTM, steers=True)
    referrer: str | None = described("Referrer", REFERRER, steers=True)


def revenue_of(get: Lookup) -> Payload:
    """The properties that make revenue, of an order or of a line: quantity × price wins; nothing for no revenue.

    A negative revenue is a refund.
    """
    quantity, price, revenue = get("quantity"), get("price"), get("revenue")
    if quantity is not None and price is not None:
        revenue = quantity * price
    if not revenue:
        return {}
    properties: Payload = {"revenue": revenue, "revenueType": get("revenueType")}
    if properties["revenueType"] is None:
        properties["revenueType"] = "Purchase"
    if quantity is not None:
        # a half goes up, also below zero, as JavaScript rounds
        properties["quantity"] = floor(quantity + 0.5) if isinstance(quantity, float) else quantity
    for name in ("price", "productId"):
        if (value := get(name)) is not None:
            properties[name] = value
    return properties


def add_lines(event: Payload, bare: Payload, get: Lookup) -> list[Payload]:
    """The order and its lines, `<insert_id>-2`, `-3`, … each by its own insert ID, with revenue on one side only."""
    products = get("products") or []
    per_product = get("trackRevenuePerProduct")
    insert_id = bare.get("insert_id")
    lines = []
    for number, product in enumerate(products, 2):
        line = {**bare, **(revenue_of(product.get) if per_product else {})}
        line["event_properties"] = product
        line["event_type"] = LINE
        if insert_id:
            line["insert_id"] = f"{insert_id}-{number}"
        lines.append(line)
    if not (products and per_product):
        event = {**event, **revenue_of(get)}
    return [event, *lines]


def bind(binding: Binding) -> Build:
    """The requests of one mapping: one request with the order and its lines."""
    return event_builder(binding, "logPurchase", add_touches, add_lines)


ACTION = Action(
    name="logPurchase",
    title="Log Purchase",
    description="Send a purchase to Amplitude: the event itself with the revenue of the order, and an event "
    f'"{LINE}" for each product in it.',
    trigger='type = "track"',
    fields=fields_of(LogPurchase),
    bind=bind,
    source=SOURCE,
    sends="events",
    identity=IDENTITY,
    plain=("user_properties",),
    operations=("utm_properties", "referrer"),
)
