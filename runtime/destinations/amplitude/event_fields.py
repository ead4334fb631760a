"""The fields that the three actions which log an event have in common."""

from __future__ import annotations

from typing import Any

from ...fields.declaration import Payload, Time, described
from .objects import MIN_ID_LENGTH, TOTAL, USER_AGENT_SWITCHES, LibrarySettings, Product, UserAgentData

_ONE_DIMENSION = "Lists have one dimension only; dates become text; at most 40 objects deep."


class EventPayload(Payload):
    """What an event of Amplitude can hold, and what decides how it is sent."""

    user_id: str | None = described(
        "User ID",
        "Your own ID of the user, of at least 5 characters. Required unless there is a device ID. A"
        " user whom Amplitude does not know yet counts as new from the first event.",
        nullable=True,
        visible=True,
    )
    device_id: str | None = described(
        "Device ID",
        "The ID of the device, such as the Identifier for Vendor on iOS. Required unless there is a"
        " user ID; without a device ID, Amplitude uses a hash of the user ID.",
        visible=True,
    )
    event_type: str = described("Event Type", "The name of the event.", required=True, visible=True)
    session_id: Time | None = described(
        "Session ID",
        "The start of the session that the event belongs to; -1 for none.",
        role="control",
    )
    time: Time | None = described(
        "Timestamp", "The time of the event. Without it, Amplitude uses the time of the upload.", role="control"
    )
    event_properties: dict[str, Any] | None = described(
        "Event Properties", f"Other properties of the event. {_ONE_DIMENSION}"
    )
    user_properties: dict[str, Any] | None = described(
        "User Properties", f"The user's properties, for this event and later ones. {_ONE_DIMENSION}"
    )
    groups: dict[str, Any] | None = described(
        "Groups",
        "The groups that the event belongs to, by type; at most 5 types. Needs Amplitude's Accounts add-on.",
    )
    app_version: str | None = described("App Version", "The version of the application.")
    platform: str | None = described(
        "Platform",
        'The platform of the device. Without one, "Web" is sent for events of analytics.js.',
    )
    os_name: str | None = described("OS Name", "The operating system or the browser of the user.")
    os_version: str | None = described("OS Version", "The version of the operating system or the browser.")
    device_brand: str | None = described("Device Brand", "The brand of the device.")
    device_manufacturer: str | None = described("Device Manufacturer", "The manufacturer of the device.")
    device_model: str | None = described("Device Model", "The model of the device.")
    carrier: str | None = described("Carrier", "The mobile carrier.")
    country: str | None = described("Country", "The country that the user is in.")
    region: str | None = described("Region", "The region that the user is in.")
    city: str | None = described("City", "The city that the user is in.")
    dma: str | None = described("Designated Market Area", "The designated market area that the user is in.")
    language: str | None = described("Language", "The language that the user has set.")
    price: float | None = described(
        "Price",
        "The price of one item. Revenue needs it if `revenue` is not sent. Negative for a refund. A"
        " price that is read from `revenue` or `total` is the amount of the whole purchase, and is "
        "not multiplied.",
        role="control",
        total=TOTAL,
    )
    quantity: int | None = described(
        "Quantity", "The number of items; Amplitude assumes 1 if it is not sent.", role="control"
    )
    revenue: float | None = described(
        "Revenue",
        "The revenue of the event. With price and quantity, price × quantity is sent instead. Negative for a refund.",
        role="control",
    )
    productId: str | None = described(
        "Product ID", "The ID of the product. It needs price and quantity, or revenue.", role="control", visible=True
    )
    revenueType: str | None = described(
        "Revenue Type",
        "The type of the revenue, such as tax, refund or income. It needs price and quantity, or revenue.",
        role="control",
    )
    location_lat: float | None = described("Latitude", "The latitude of the user, in degrees north.")
    location_lng: float | None = described("Longtitude", "The longitude of the user, in degrees east.")
    ip: str | None = described(
        "IP Address",
        "The address of the user, from which Amplitude derives country, region, city and market "
        'area. "$remote" stands for the address that the upload comes from.',
    )
    idfa: str | None = described("Identifier For Advertiser (IDFA)", "Identifier for Advertiser. _(iOS)_", visible=True)
    idfv: str | None = described("Identifier For Vendor (IDFV)", "Identifier for Vendor. _(iOS)_", visible=True)
    adid: str | None = described(
        "Google Play Services Advertising ID", "Google Play Services advertising ID. _(Android)_", visible=True
    )
    android_id: str | None = described("Android ID", "Android ID (not the advertising ID). _(Android)_", visible=True)
    event_id: int | None = described(
        "Event ID",
        "A counter that distinguishes events of one user with the same time; increase it over time.",
    )
    insert_id: str | None = described(
        "Insert ID",
        "Amplitude drops an event with an ID that the same device has sent within 7 days, so that a"
        " retry is not counted twice. The default is the message ID; Segment has no default.",
        visible=True,
    )
    library: str | None = described(
        "Library", "The library that made the event; it decides whether the platform is the web.", role="control"
    )
    library2: LibrarySettings | None = described(
        "Library Settings", 'What is sent to Amplitude as "library".', role="control"
    )
    use_batch_endpoint: bool | None = described(
        "Use Batch Endpoint",
        "Send to Amplitude's batch endpoint, which throttles later (1,000 events a second for one ID, over 30 s) "
        "and takes bodies of up to 20 MB.",
        role="control",
    )
    userAgent: str | None = described(
        "User Agent", "The user agent of the device that sent the event.", role="control", switches=USER_AGENT_SWITCHES
    )
    userAgentParsing: bool | None = described(
        "User Agent Parsing",
        "Read the operating system, manufacturer, model and type of the device from the user agent,"
        " for fields that have no value.",
        role="control",
    )
    includeRawUserAgent: bool | None = described(
        "Include Raw User Agent", "Send the user agent itself too, as user_agent.", role="control"
    )
    userAgentData: UserAgentData | None = described(
        "User Agent Data",
        "The client hints of the browser, which say more than its user agent.",
        role="control",
        switches=USER_AGENT_SWITCHES,
    )
    min_id_length: int | None = described("Minimum ID Length", MIN_ID_LENGTH, nullable=True, role="control")


PRODUCTS = "The lines of the order."


class ProductsPayload(EventPayload):
    """An event that can hold the lines of an order."""

    products: list[Product] | None = described("Products", PRODUCTS)
