"""Log Purchase: an event with its revenue, and one more event for each line of the order."""

from __future__ import annotations

from math import floor, isfinite
from typing import Any

from ....action import Action, Binding, Build
from ....counted import counted
from ....fields.declaration import described, fields_of
from ....outcome import Request
from ....repairs import note_repair
from ....semantics.description import shown
from ....semantics.event import JsonObject
from ..event_fields import PRODUCTS, EventPayload
from ..event_requests import EventRequestBuilder, device_of
from ..objects import IDENTITY, REFERRER, SOURCE, TOUCHES, UTM, Product, UtmProperties
from ..user_properties import touches, without_touches
from ..usual import usual_order

LINE = "Product Purchased"
"""The event type of a line of the order."""
_MOST_NAMED = 5
"""A repair names this many lines at most."""


class LogPurchase(EventPayload):
    """The payload."""

    trackRevenuePerProduct: bool | None = described(
        "Track Revenue Per Product",
        "With it, each line of the order has its own revenue; without it, the order has all of the revenue.",
        role="control",
    )
    products: list[Product] | None = described("Products", PRODUCTS, role="control")
    utm_properties: UtmProperties | None = described("UTM Properties", UTM, role="control")
    referrer: str | None = described("Referrer", REFERRER, role="control", visible=True)


def amount(price: float | None, quantity: float | None, revenue: float | None) -> float | None:
    """The revenue of an order or of a line; None if there is none. A negative revenue is a refund.

    Quantity × price wins over `revenue`; a price without a quantity counts only without `revenue`, as the price of one.
    """
    if price is not None and (quantity is not None or revenue is None):
        return price if quantity is None else quantity * price
    return revenue


def add_revenue(
    event: JsonObject,
    price: float | None,
    quantity: float | None,
    revenue: float | None,
    product_id: str | None,
    revenue_type: str | None,
    field: str = "revenue",
) -> None:
    """Writes the revenue of an order or of a line into its event, if there is any.

    A revenue that is not sent, because quantity × price is zero, is noted at the path `field`.
    """
    total = amount(price, quantity, revenue)
    if not total:
        if revenue:
            message = f"{shown(revenue)} is not sent: {shown(quantity)} × {shown(price)} wins, and is zero"
            note_repair("zero_revenue", message, field)
        return
    event["revenue"] = total
    event["revenueType"] = "Purchase" if revenue_type is None else revenue_type
    if quantity is not None:
        # a half goes up, also below zero, as JavaScript rounds
        event["quantity"] = floor(quantity + 0.5) if isinstance(quantity, float) and isfinite(quantity) else quantity
    if price is not None:
        event["price"] = price
    if product_id is not None:
        event["productId"] = product_id


def lines_of(order: JsonObject, products: list[JsonObject], *, with_revenue: bool) -> list[JsonObject]:
    """The fields of each line's event that the order does not share; its insert ID is `<insert_id>-2`, `-3`, …"""
    insert_id = order.get("insert_id")
    lines = []
    for at, product in enumerate(products):
        line: JsonObject = {"event_properties": product, "event_type": LINE}
        if with_revenue:
            get, field = product.get, f"products[{at}].revenue"
            add_revenue(
                line, get("price"), get("quantity"), get("revenue"), get("productId"), get("revenueType"), field
            )
        if insert_id:
            line["insert_id"] = f"{insert_id}-{at + 2}"
        lines.append(line)
    return lines


def note_lost_revenue(lines: list[JsonObject], products: list[JsonObject], of_order: float | None) -> None:
    """Notes which lines have no revenue: that of the order, `of_order`, is then not sent, or only a part of it."""
    if all("revenue" in line for line in lines):
        return
    lacking = [
        f"{_named(at, product)} needs `revenue`, or `price`"
        + ("" if product.get("quantity") is not None else " and `quantity`")
        for at, product in enumerate(products)
        if product.get("price") is None and product.get("revenue") is None
    ]
    if not lacking and (not of_order or any("revenue" in line for line in lines)):
        return
    lost = f", and the {shown(of_order)} of the order are not sent" if of_order else ""
    reasons = ["", *lacking[:_MOST_NAMED], *(["…"] if len(lacking) > _MOST_NAMED else [])]
    count = f"{len(lacking) or len(lines)} of {counted(len(lines), 'product')}"
    note_repair("no_product_revenue", f"no revenue in {count}{lost}{'; '.join(reasons)}", "products")


def note_empty_lines(products: list[JsonObject]) -> None:
    """Notes the products from which the mapping reads no value, such as text in place of an object."""
    if {} not in products:
        return
    empty = [f"`products[{at}]`" for at, product in enumerate(products) if not product]
    names = ", ".join([*empty[:_MOST_NAMED], *(["…"] if len(empty) > _MOST_NAMED else [])])
    count = f"{len(empty)} of {counted(len(products), 'product')}"
    note_repair("empty_product", f"the mapping reads nothing of {count} ({names}); each line is sent empty", "products")


def _named(at: int, product: JsonObject) -> str:
    """How a repair names a line: by its ID as well, because a rule may have left lines of the order out."""
    product_id = product.get("productId")
    return f"`products[{at}]`" + (f" ({shown(product_id)})" if product_id is not None else "")


def bind(binding: Binding) -> Build:
    """The `build` of a mapping: it makes one request, with an event for the order and one for each line.

    With `on conflict split`, it makes a request with the plain user properties before it. With checks on, a body that
    is too large may be divided into several requests.
    """
    builder = EventRequestBuilder(binding, "logPurchase", own_win=True)

    def build(
        payload: JsonObject,
        session_id: Any = None,
        time: Any = None,
        price: float | None = None,
        quantity: float | None = None,
        revenue: float | None = None,
        productId: str | None = None,
        revenueType: str | None = None,
        library: str | None = None,
        library2: JsonObject | None = None,
        use_batch_endpoint: bool | None = None,
        userAgent: str | None = None,
        userAgentParsing: bool | None = None,
        includeRawUserAgent: bool | None = None,
        userAgentData: JsonObject | None = None,
        min_id_length: int | None = None,
        trackRevenuePerProduct: bool | None = None,
        products: list[JsonObject] | None = None,
        utm_properties: JsonObject | None = None,
        referrer: str | None = None,
    ) -> list[Request]:
        properties, touched = payload.get("user_properties"), touches(utm_properties, referrer)
        if touched:
            properties = without_touches(properties, touched)

        def with_lines(event: JsonObject) -> tuple[JsonObject, list[JsonObject]]:
            order: JsonObject = {}
            lines = lines_of(event, products, with_revenue=bool(trackRevenuePerProduct)) if products else []
            if products and trackRevenuePerProduct:
                note_lost_revenue(lines, products, amount(price, quantity, revenue))
            else:
                add_revenue(order, price, quantity, revenue, productId, revenueType)
                if products:
                    note_empty_lines(products)
            return order, lines

        return builder.build(
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

    return usual_order(build, builder)


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
    sources={
        "events[].event_properties": "products[]",
        **{f"events[].{field}": f"products[].{field}" for field in ("price", "quantity", "revenue", "productId")},
        "events[]": "",
        "user_agent": "userAgent",
        "revenue": "price",
    },
    operations=TOUCHES,
)
