"""The objects with known keys that fields of several actions share."""

from __future__ import annotations

from typing import Literal

from ...action import Writes
from ...fields.declaration import OpenPayload, Payload, described
from ...fields.field import Total

SOURCE = "Segment, Amplitude (Actions) destination"
"""The title of the page that labels, types and descriptions come from."""

IDENTITY = ("user_id", "device_id")
"""The fields that say whose event it is; one of them is enough."""

USER_AGENT_SWITCHES = ("userAgentParsing", "includeRawUserAgent")
"""The fields that say whether the user agent is of any interest."""

MIN_ID_LENGTH = "Amplitude accepts user and device IDs of at least 5 characters; a smaller number allows shorter IDs."


TOTAL = Total(keys=("revenue", "total"), field="revenue", count="quantity")
"""A price that is read from an event's revenue or total is the amount of the whole purchase."""


class UserAgentData(Payload):
    """Client hints of the browser."""

    model: str | None = described("Model", "The model of the device, in place of the one in the user agent.")
    platformVersion: str | None = described(
        "Platform Version", "The version of the operating system; the user agent gives the browser's."
    )


class UtmProperties(Payload):
    """The five parameters of a campaign link."""

    utm_source: str | None = described(
        "UTM Source", "The source that sent the visitor, such as a site or a newsletter.", visible=True
    )
    utm_medium: str | None = described("UTM Medium", "The medium, such as mail, search or a banner.", visible=True)
    utm_campaign: str | None = described("UTM Campaign", "The name of the campaign.", visible=True)
    utm_term: str | None = described("UTM Term", "The paid search term.", visible=True)
    utm_content: str | None = described("UTM Content", "Which of several links the visitor followed.", visible=True)


class SetOnce(OpenPayload):
    """User properties that are kept from the first time."""

    initial_referrer: str | None = described("Initial Referrer", "The referrer of the first web request.", visible=True)
    initial_utm_source: str | None = described(
        "Initial UTM Source", "The source that sent the visitor first.", visible=True
    )
    initial_utm_medium: str | None = described("Initial UTM Medium", "The medium of the first visit.", visible=True)
    initial_utm_campaign: str | None = described(
        "Initial UTM Campaign", "The campaign of the first visit.", visible=True
    )
    initial_utm_term: str | None = described(
        "Initial UTM Term", "The paid search term of the first visit.", visible=True
    )
    initial_utm_content: str | None = described(
        "Initial UTM Content", "The link that the visitor followed first.", visible=True
    )


class SetAlways(OpenPayload):
    """User properties that every event sets again."""

    referrer: str | None = described("Referrer", "The referrer of the web request.", visible=True)
    utm_source: str | None = described(
        "UTM Source", "The source that sent the visitor, such as a site or a newsletter.", visible=True
    )
    utm_medium: str | None = described("UTM Medium", "The medium, such as mail, search or a banner.", visible=True)
    utm_campaign: str | None = described("UTM Campaign", "The name of the campaign.", visible=True)
    utm_term: str | None = described("UTM Term", "The paid search term.", visible=True)
    utm_content: str | None = described("UTM Content", "Which of several links the visitor followed.", visible=True)


class LibrarySettings(Payload):
    """Which name of a library goes to Amplitude."""

    behavior: Literal["auto", "use_mapping"] | None = described(
        "Behavior", 'What is sent as "library": for `auto` the word "segment", for `use_mapping` the mapping.'
    )
    mapping: str | None = described("Library Mapping", "The library's name. Only used with `use_mapping`.")


class Product(OpenPayload):
    """One line of an order; whatever else it holds is kept."""

    price: float | None = described(
        "Price",
        "The price of one item. Revenue needs it if `revenue` is not sent. Negative for a refund. A"
        " price that is read from `revenue` or `total` is the amount of the whole line, and is not "
        "multiplied.",
        total=TOTAL,
    )
    quantity: int | None = described("Quantity", "The number of items; Amplitude assumes 1 if it is not sent.")
    revenue: float | None = described(
        "Revenue",
        "The revenue of this line. With price and quantity, price × quantity is sent instead. Negative for a refund.",
    )
    productId: str | None = described(
        "Product ID", "The ID of the product. It needs price and quantity, or revenue.", visible=True
    )
    revenueType: str | None = described(
        "Revenue Type",
        "The type of the revenue, such as tax, refund or income. It needs price and quantity, or revenue.",
    )


UTM = "The parameters of the campaign, sent as the last touch (`$set`) and the first touch (`$setOnce`, `initial_…`)."
REFERRER = 'The referrer of the web request, sent as last touch "referrer" and first touch "initial_referrer".'

TOUCHES = tuple(
    Writes(field, operation, prefix)
    for field in ("utm_properties", "referrer")
    for operation, prefix in (("$set", ""), ("$setOnce", "initial_"))
)
"""What a campaign and a referrer become."""

SET_ONCE = "User properties that are set only if they have no value yet."
SET_ALWAYS = "User properties that every event sets."
ADD = "Numbers to add to user properties; a property without a value starts from 0."
PROPERTY_OPERATIONS = (Writes("setOnce", "$setOnce"), Writes("setAlways", "$set"), Writes("add", "$add"))
"""What the three fields of these names become."""
