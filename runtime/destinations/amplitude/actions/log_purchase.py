"""Log Purchase: an event with its revenue, and one more event for each line of the order."""

from __future__ import annotations

from math import floor
from typing import Any

from ....action import Action, Binding, Build
from ....fields.declaration import described, fields_of
from ....outcome import Request
from ..event_fields import PRODUCTS, EventPayload
from ..events import EventSender, device_of
from ..objects import IDENTITY, REFERRER, SOURCE, UTM, Product, UtmProperties
from ..requests import Payload
from ..user_properties import touches, without_touches

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


def add_revenue(
    event: Payload,
    price: float | None,
    quantity: float | None,
    revenue: float | None,
    product_id: str | None,
    revenue_type: str | None,
) -> None:
    """Writes the revenue of an order or of a line, if there is any: quantity × price wins.

    A negative revenue is a refund.
    """
    if quantity is not None and price is not None:
        revenue = quantity * price
    if not revenue:
        return
    event["revenue"] = revenue
    event["revenueType"] = "Purchase" if revenue_type is None else revenue_type
    if quantity is not None:
        # a half goes up, also below zero, as JavaScript rounds
        event["quantity"] = floor(quantity + 0.5) if isinstance(quantity, float) else quantity
    if price is not None:
        event["price"] = price
    if product_id is not None:
        event["productId"] = product_id


def lines_of(order: Payload, products: list[Payload], *, with_revenue: bool) -> list[Payload]:
    """An event for each line, `<insert_id>-2`, `-3`, … each by its own insert ID."""
    insert_id = order.get("insert_id")
    lines = []
    for number, product in enumerate(products, 2):
        line = order.copy()  # half the time of {**order}, which puts key after key
        line["event_properties"] = product
        line["event_type"] = LINE
        if with_revenue:
            get = product.get
            add_revenue(line, get("price"), get("quantity"), get("revenue"), get("productId"), get("revenueType"))
        if insert_id:
            line["insert_id"] = f"{insert_id}-{number}"
        lines.append(line)
    return lines


def bind(binding: Binding) -> Build:
    """The requests of one mapping: one request with the order and its lines."""
    sender = EventSender(binding, "logPurchase")

    def build(
        payload: Payload,
        session_id: Any = None,
        time: Any = None,
        price: float | None = None,
        quantity: float | None = None,
        revenue: float | None = None,
        productId: str | None = None,
        revenueType: str | None = None,
        library: str | None = None,
        library2: Payload | None = None,
        use_batch_endpoint: bool | None = None,
        userAgent: str | None = None,
        userAgentParsing: bool | None = None,
        includeRawUserAgent: bool | None = None,
        userAgentData: Payload | None = None,
        min_id_length: int | None = None,
        trackRevenuePerProduct: bool | None = None,
        products: list[Payload] | None = None,
        utm_properties: Payload | None = None,
        referrer: str | None = None,
    ) -> list[Request]:
        properties, touched = payload.get("user_properties"), touches(utm_properties, referrer)
        if touched:
            properties = without_touches(properties)

        def with_lines(event: Payload, order: Payload) -> list[Payload]:
            lines = lines_of(event, products, with_revenue=bool(trackRevenuePerProduct)) if products else []
            if not (lines and trackRevenuePerProduct):
                add_revenue(order, price, quantity, revenue, productId, revenueType)
            return [order, *lines]

        return sender.send(
            payload,
            properties,
            touched,
            session_id,
            time,
            library,
            library2,
            device_of(userAgent, userAgentParsing, includeRawUserAgent, userAgentData) if userAgent else None,
            use_batch_endpoint,
            min_id_length,
            with_lines,
        )

    return build


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
